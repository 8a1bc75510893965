/** The life of a cluster on hosts: names, roles, releases and keys change, files are lost, and every apply and the destroy work. */
import { readFileSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { LivingCluster, type Member } from "./living-cluster";
import { Story } from "./lab-command";

const story = new Story();
const MINUTES = 60_000;
let cluster: LivingCluster;

/** Hosts by their number: who they are in the cluster. */
const server = (name: string, host: number): Member => ({ name, host, role: "server" });
const agent = (name: string, host: number): Member => ({ name, host, role: "agent" });

beforeAll(async () => (cluster = await LivingCluster.of("e2e-life", 4)), 40 * MINUTES);
afterAll(() => cluster?.close(), 4 * MINUTES);

/** Applies; afterwards the cluster has these nodes, each Ready and on its host, and a plan finds nothing to do. */
async function expectApplied(...members: Member[]): Promise<void> {
  await cluster.apply(members);
  expect(await cluster.nodes()).toEqual(
    members.map(({ name, host, role }) => ({ name, address: cluster.address(host), role, ready: true })),
  );
  expect(await cluster.isSettled()).toBe(true);
}

/** When K3s was started on a host, in microseconds of its own clock. */
const startedAt = (host: number) =>
  cluster.on(host, "systemctl show --property=ActiveEnterTimestampMonotonic --value 'k3s*'");

test(
  "a server and two agents",
  story.step(() => expectApplied(server("one", 0), agent("two", 1), agent("three", 2))),
  4 * MINUTES,
);

test(
  "a node gets another name",
  story.step(() => expectApplied(server("one", 0), agent("two", 1), agent("third", 2))),
  4 * MINUTES,
);

test(
  "two nodes swap their names",
  story.step(() => expectApplied(server("one", 0), agent("third", 1), agent("two", 2))),
  4 * MINUTES,
);

test(
  "the only server gets another name, and keeps what the cluster holds",
  story.step(async () => {
    await cluster.kubectl("create namespace kept");
    await expectApplied(server("first", 0), agent("third", 1), agent("two", 2));
    expect(await cluster.kubectl("get namespace kept --output=name")).toBe("namespace/kept");
  }),
  4 * MINUTES,
);

test(
  "a kubeconfig and a token that are gone come back, from the hosts",
  story.step(async () => {
    const token = readFileSync(path.join(cluster.stateDirectory, "token"), "utf8");
    await fs.rm(cluster.stateDirectory, { recursive: true });
    expect(await cluster.isSettled()).toBe(false);
    await expectApplied(server("first", 0), agent("third", 1), agent("two", 2));
    expect(readFileSync(path.join(cluster.stateDirectory, "token"), "utf8")).toBe(token);
    expect(readFileSync(path.join(cluster.stateDirectory, "kubeconfig"), "utf8")).toContain(cluster.address(0));
  }),
  4 * MINUTES,
);

test(
  "the key that logs in is another one",
  story.step(async () => {
    await cluster.rotateKey();
    await expectApplied(server("first", 0), agent("third", 1), agent("two", 2));
  }),
  4 * MINUTES,
);

test(
  "a host is replaced by another one of the same name",
  story.step(() => expectApplied(server("first", 0), agent("third", 3), agent("two", 2))),
  4 * MINUTES,
);

test(
  "two agents become servers: etcd takes over",
  story.step(async () => {
    await expectApplied(server("first", 0), server("third", 3), server("two", 2));
    expect(await cluster.kubectl("get namespace kept --output=name")).toBe("namespace/kept");
  }),
  6 * MINUTES,
);

test(
  "a changed release restarts servers one after the other, then agents",
  story.step(async () => {
    await expectApplied(server("first", 0), server("third", 3), server("two", 2), agent("late", 1));
    const before = await Promise.all([0, 3, 2, 1].map(startedAt));
    await cluster.changeBinary();
    await expectApplied(server("first", 0), server("third", 3), server("two", 2), agent("late", 1));
    const after = (await Promise.all([0, 3, 2, 1].map(startedAt))).map(Number);
    expect(after.map((time, index) => time > Number(before[index]))).toEqual([true, true, true, true]);
    expect(after).toEqual([...after].sort((left, right) => left - right));
    expect(await cluster.kubectl("get namespace kept --output=name")).toBe("namespace/kept");
  }),
  8 * MINUTES,
);

test(
  "the server that founded the cluster is replaced, and the others keep what it held",
  story.step(async () => {
    await expectApplied(server("founder", 1), server("third", 3), server("two", 2));
    expect(await cluster.kubectl("get namespace kept --output=name")).toBe("namespace/kept");
  }),
  8 * MINUTES,
);

test(
  "a destroy from a machine that has only the state leaves nothing on the hosts",
  story.step(async () => {
    await fs.rm(cluster.stateDirectory, { recursive: true });
    await cluster.destroy();
    for (const host of [0, 1, 2, 3])
      expect(
        await cluster.on(
          host,
          "ls -d /var/lib/rancher/k3s /etc/rancher /var/lib/multicast-lab-host 2>/dev/null || true",
        ),
      ).toBe("");
  }),
  4 * MINUTES,
);
