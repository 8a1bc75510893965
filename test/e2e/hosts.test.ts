import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import {
  type Lab,
  allocate,
  auditMachine,
  findResidue,
  release,
  runOnHost,
  startHosts,
  status,
  stopHosts,
} from "../../embedded/hosts";

const repository = path.join(__dirname, "../..");

describe("hosts of the embedded lab", () => {
  let home: string;
  const labs: Lab[] = [];

  beforeAll(async () => {
    // Not in os.tmpdir(): where that is a tmpfs or an overlay it cannot carry the hosts' roots.
    home = await fs.mkdtemp("/var/tmp/hosts-test-");
  });

  afterEach(async () => {
    for (const lab of labs.splice(0)) {
      await stopHosts(lab);
      await release(lab);
    }
  });

  afterAll(() => fs.rm(home, { recursive: true }));

  async function newLab(name: string): Promise<Lab> {
    const lab = await allocate(name, home);
    labs.push(lab);
    return lab;
  }

  async function states(lab: Lab): Promise<string[]> {
    return (await status(lab)).map(({ state }) => state);
  }

  /** Starts the hosts in a process of their own, resolves when that has printed `marker` or ended. */
  function startElsewhere(lab: Lab, marker: string): Promise<ChildProcess> {
    const manual = path.join(repository, "embedded/hosts/manual.ts");
    const child = spawn(process.execPath, ["--import", "tsx", manual, "up", lab.name], {
      cwd: repository,
      env: { ...process.env, LAB_HOME: home },
      stdio: ["ignore", "ignore", "pipe"],
    });
    return new Promise((resolve) => {
      child.stderr.on("data", (chunk) => String(chunk).includes(marker) && resolve(child));
      child.once("exit", () => resolve(child));
    });
  }

  it("boots three machines, does nothing the second time, and leaves nothing behind", async () => {
    const lab = await newLab("plain");
    expect(await findResidue(lab)).toEqual([]);
    const { outcome, milliseconds } = await startHosts(lab);
    expect(outcome).toBe("started");
    expect(milliseconds).toBeLessThan(8000);
    for (const host of lab.hosts) {
      const { stdout } = await runOnHost(
        lab,
        host,
        "hostname; systemctl is-system-running --wait; ip -4 -brief address show eth1",
      );
      expect(stdout.trim().split("\n")).toEqual([host.name, "running"]);
    }
    expect((await startHosts(lab)).outcome).toBe("unchanged");
    await stopHosts(lab);
    expect((await auditMachine(lab)).residue).toEqual([]);
    await stopHosts(lab);
  });

  it("carries multicast from one host's data interface to another's", async () => {
    const lab = await newLab("multicast");
    await startHosts(lab);
    const [server, agent] = [lab.hosts[0]!, lab.hosts[1]!];
    const address = (last: number): string => lab.dataSubnet.replace(".0/24", `.${last}`);
    await runOnHost(lab, server, `ip address add ${address(1)}/24 dev eth1`);
    await runOnHost(lab, agent, `ip address add ${address(2)}/24 dev eth1`);
    const heard = runOnHost(
      lab,
      agent,
      `timeout 20 socat -u UDP4-RECVFROM:5004,ip-add-membership=239.1.1.1:${address(2)} -`,
    );
    // Sends until the receiver has ended, since nobody tells a sender that a receiver has joined.
    const send = `socat -u - UDP4-DATAGRAM:239.1.1.1:5004,ip-multicast-if=${address(1)}`;
    const sender = runOnHost(lab, server, `timeout 20 sh -c 'while echo hello; do sleep 0.1; done | ${send}'`);
    // It is cut off with its host, and is told so.
    const senderEnded = sender.catch((error: Error) => error);
    expect((await heard).stdout.trim()).toBe("hello");
    await stopHosts(lab);
    await senderEnded;
  });

  it("keeps two labs apart", async () => {
    const [one, two] = [await newLab("one"), await newLab("two")];
    await Promise.all([startHosts(one), startHosts(two)]);
    await stopHosts(one);
    expect((await auditMachine(one)).residue).toEqual([]);
    expect(await states(two)).toEqual(["running", "running", "running"]);
  });

  it.each(["booting", "server answers", "agent answers"])("cleans up a start that was killed at %j", async (marker) => {
    const lab = await newLab("killed");
    const child = await startElsewhere(lab, marker);
    child.kill("SIGKILL");
    const found = await findResidue(lab);
    expect(found).not.toEqual([]);
    const { outcome, cleaned } = await startHosts(lab);
    // All three hosts may have come up before the kill took effect: then there is nothing to clean.
    expect(outcome === "unchanged" || cleaned.length > 0).toBe(true);
    expect(await states(lab)).toEqual(["running", "running", "running"]);
    await stopHosts(lab);
    expect((await auditMachine(lab)).residue).toEqual([]);
  });

  it("keeps the hosts when the process that started them has ended", async () => {
    const lab = await newLab("outlives");
    await startElsewhere(lab, "never printed, so this waits for the end");
    expect(await states(lab)).toEqual(["running", "running", "running"]);
    expect((await startHosts(lab)).outcome).toBe("unchanged");
  });

  it("notices a host that died, and starts over", async () => {
    const lab = await newLab("died");
    await startHosts(lab);
    const mark = JSON.parse(readFileSync(path.join(lab.hosts[1]!.directory, "process.json"), "utf8")) as {
      pid: number;
    };
    process.kill(mark.pid, "SIGKILL");
    expect(await states(lab)).toEqual(["running", "absent", "running"]);
    expect((await startHosts(lab)).outcome).toBe("started");
    expect(await states(lab)).toEqual(["running", "running", "running"]);
  });

  it("finds what is left of a lab, and says what it is", async () => {
    const lab = await newLab("parts");
    await startHosts(lab);
    const found = await findResidue(lab);
    for (const kind of ["link", "netns", "mount", "process", "cgroup", "directory"]) {
      expect(found.filter((line) => line.startsWith(`${kind} `))).not.toEqual([]);
    }
    await fs.rm(lab.sshDirectory, { recursive: true });
    await stopHosts(lab);
    expect((await auditMachine(lab)).residue).toEqual([]);
  });
});
