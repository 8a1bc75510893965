import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { BUNDLE_PATH } from "../../probe/bundle";
import type { ProbeConfig, VerdictConfig } from "../../probe/config";
import { KubeApi } from "../../probe/kube-api";
import type { SenderLine } from "../../probe/lines";
import type { Report } from "../../probe/report";
import { verdict } from "../../probe/verdict";
import { ApiServer } from "./api-server";
import { key } from "./keys";
import { MacvlanHosts } from "./macvlan-hosts";
import { describeWith } from "../helpers/needs";

const group = "239.1.1.1";
const destinations = { test: { group, port: 5004 }, control: { group: "239.1.129.1", port: 5004 } };
const common = { destinations, interface: "net1" } as const;
const judging: VerdictConfig = {
  mode: "verdict",
  network: { kind: "attached", name: "plane" },
  report: { check: "plane", namespace: "media", configMap: "plane-report", image: "probe:1" },
  destinations,
  ttl: 4,
  interface: "net1",
  sender: { name: "sender", pod: "sender" },
  receivers: [{ name: "ear", pod: "ear", expect: "heard", joins: [group] }],
  ratePerSecond: 20,
  windowSeconds: 2,
  deadlineSeconds: 15,
  maxLossPercent: 1,
};
const configs: Readonly<Record<string, ProbeConfig>> = {
  sender: { ...common, mode: "send", ttl: 4, ratePerSecond: 20 },
  ear: { ...common, mode: "receive", joins: [group] },
};

describeWith(["root", "ip", "nft", "tc", "openssl"], "what a kernel does to a check", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "vft-bundle-"));
  const bundle = path.join(directory, "probe.cjs");
  let hosts: MacvlanHosts;

  beforeAll(() => {
    chmodSync(directory, 0o755);
    copyFileSync(BUNDLE_PATH, bundle);
    hosts = new MacvlanHosts(bundle);
    hosts.addHost("a");
    hosts.addHost("b");
    hosts.addPod("sender", "a", "198.18.202.10/24");
    hosts.addPod("ear", "b", "198.18.202.11/24");
    for (const [pod, config] of Object.entries(configs)) hosts.start(pod, config);
  });
  afterAll(async () => {
    await hosts.remove();
    rmSync(directory, { recursive: true });
  });

  async function judge(config: Partial<VerdictConfig> = {}): Promise<Report> {
    const server = new ApiServer({
      pod: (name) => (hosts.isRunning(name) ? { spec: { nodeName: "a" }, status: { phase: "Running" } } : undefined),
      follow: (name, onLine) => hosts.follow(name, onLine),
    });
    try {
      return await verdict({ ...judging, ...config }, new KubeApi(await server.listen()), key);
    } finally {
      await server.close();
    }
  }

  /** Waits for the sender's second line from now, of a second in which nothing was refused from its beginning. */
  function senderInOrder(): Promise<void> {
    const from = Date.now() + 1000;
    return new Promise((resolve) => {
      const stop = hosts.follow("sender", (text) => {
        const line = JSON.parse(text) as SenderLine;
        if (line.at < from || line.blocks.some(({ errors }) => Object.keys(errors).length > 0)) return;
        setImmediate(() => stop());
        resolve();
      });
    });
  }

  const nft = (pod: string, ...rule: string[]): string => hosts.inside(pod, "nft", rule.join(" "));

  test("every second packet refused at the sender fails, with the error and where to look", async () => {
    nft("sender", "add table ip faults");
    nft("sender", "add chain ip faults output { type filter hook output priority 0; }");
    nft("sender", "add rule ip faults output ip daddr", group, "numgen inc mod 2 == 0 drop");
    try {
      const { verdict: found, receivers } = await judge();
      expect(found).toBe("failed");
      expect(receivers[0]?.numbers).toMatchObject({ sent: 40, received: 20 });
      expect(receivers[0]?.reason).toContain(`refused 20 of 40 packets to ${group} (EPERM): a firewall or a policy`);
    } finally {
      nft("sender", "delete table ip faults");
    }
    await senderInOrder();
    expect(await judge()).toMatchObject({ verdict: "passed", receivers: [{ numbers: { sent: 40, received: 40 } }] });
  });

  test("an interface that sends nothing away is a loss, at the sender", async () => {
    hosts.inside("sender", "tc", ..."qdisc add dev net1 root tbf rate 1kbit burst 100 limit 100".split(" "));
    try {
      expect((await judge()).verdict).toBe("failed");
    } finally {
      hosts.inside("sender", "tc", ..."qdisc delete dev net1 root".split(" "));
    }
  });

  test("what comes in by another interface, on which another program has joined, is not counted", async () => {
    hosts.connect("sender", "ear", ["198.18.203.10/24", "198.18.203.11/24"]);
    hosts.inside("sender", "ip", "route", "replace", "224.0.0.0/4", "dev", "side0");
    const groups = Object.values(destinations).map((each) => each.group);
    const join = groups.map((each) => `s.addMembership(${JSON.stringify(each)}, "198.18.203.11")`).join(";");
    const program = `const s = require("dgram").createSocket("udp4"); s.bind(0, () => { ${join}; console.log("joined") })`;
    const other = hosts.startProgram("ear", process.execPath, "--eval", program);
    try {
      await new Promise((resolve) => other.stdout?.once("data", resolve));
      const { verdict: found, receivers } = await judge();
      expect(found).toBe("failed");
      expect(receivers[0]?.reason).toContain("sender's route to 239.1.1.1 leaves by side0, not net1");
    } finally {
      other.kill();
      hosts.inside("sender", "ip", "route", "replace", "224.0.0.0/4", "dev", "net1");
    }
  }, 60_000);
});
