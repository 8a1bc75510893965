import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { BUNDLE_PATH } from "../../probe/bundle";
import type { ReceiveConfig, SendConfig, VerdictConfig } from "../../probe/config";
import { KubeApi } from "../../probe/kube-api";
import type { Report } from "../../probe/report";
import { verdict } from "../../probe/verdict";
import { ApiServer } from "./api-server";
import { key } from "./keys";
import { MacvlanHosts } from "./macvlan-hosts";
import { describeWith } from "../helpers/needs";

const destinations = {
  test: { group: "ff15:0::1:1", port: 5004 },
  control: { group: "ff15::1:8001", port: 5004 },
};
const common = { destinations, interface: "net1" } as const;
const addresses = { sender: "fd00:20::10", joined: "fd00:20::11", deaf: "fd00:20::12" } as const;
const sending: SendConfig = {
  ...common,
  mode: "send",
  ttl: 1,
  ratePerSecond: 20,
  bindToInterface: true,
  unicast: [addresses.joined, addresses.deaf],
};
const receiving = (...joins: string[]): ReceiveConfig => ({ ...common, mode: "receive", joins });
const judging: VerdictConfig = {
  mode: "verdict",
  network: { kind: "attached", name: "plane" },
  report: { check: "plane", namespace: "media", configMap: "plane-report", image: "probe:1" },
  destinations,
  ttl: 1,
  interface: "net1",
  sender: { name: "sender", pod: "sender" },
  receivers: [
    {
      name: "joined",
      pod: "joined",
      expect: "heard",
      joins: [destinations.test.group],
      unicast: "heard",
      address: addresses.joined,
    },
    { name: "deaf", pod: "deaf", expect: "silent", joins: [], proof: "unicast", address: addresses.deaf },
  ],
  ratePerSecond: 20,
  windowSeconds: 3,
  deadlineSeconds: 20,
  maxLossPercent: 1,
};

describeWith(["root", "ip", "openssl"], "IPv6 and unicast between macvlan children of two hosts", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "vft-bundle-"));
  const bundle = path.join(directory, "probe.cjs");
  let hosts: MacvlanHosts;

  beforeAll(() => {
    chmodSync(directory, 0o755);
    copyFileSync(BUNDLE_PATH, bundle);
    hosts = new MacvlanHosts(bundle);
    hosts.addHost("a");
    hosts.addHost("b");
    for (const [index, name] of (["sender", "joined", "deaf"] as const).entries()) {
      hosts.addPod(name, name === "sender" ? "a" : "b", `198.18.201.${10 + index}/24`);
      hosts.addIpv6(name, `${addresses[name]}/64`);
    }
    hosts.start("sender", sending);
    hosts.start("joined", receiving(destinations.test.group));
    hosts.start("deaf", receiving());
  });
  afterAll(async () => {
    await hosts.remove();
    rmSync(directory, { recursive: true });
  });

  async function judge(config: Partial<VerdictConfig> = {}): Promise<Report> {
    const server = new ApiServer({
      pod: () => ({ spec: { nodeName: "b" }, status: { phase: "Running" } }),
      follow: (name, onLine) => hosts.follow(name, onLine),
    });
    try {
      return await verdict({ ...judging, ...config }, new KubeApi(await server.listen()), key);
    } finally {
      await server.close();
    }
  }

  test("who joined hears all of the group and of the unicast, who did not hears unicast alone", async () => {
    const report = await judge();
    expect(report.receivers.map(({ reason, verdict: each }) => `${each}: ${reason}`)).toEqual([
      "passed: heard 60 of 60 packets of [ff15:0::1:1]:5004",
      "passed: heard 0 of 60 packets of [ff15:0::1:1]:5004",
    ]);
    expect(report.receivers.map(({ numbers }) => [numbers.unicastSent, numbers.unicastReceived])).toEqual([
      [60, 60],
      [60, 60],
    ]);
    expect(report.receivers[0]?.evidence?.memberships.groups).toContain("ff15::1:1");
    expect(report.sender.addresses[0]).toBe("fd00:20::10/64");
  });

  test("unicast cut off: the receiver that must hear it fails, and silence proves nothing", async () => {
    for (const name of ["joined", "deaf"] as const)
      hosts.inside("sender", "ip", "-6", "route", "add", "blackhole", `${addresses[name]}/128`);
    const report = await judge({ deadlineSeconds: 8 });
    for (const name of ["joined", "deaf"] as const)
      hosts.inside("sender", "ip", "-6", "route", "delete", "blackhole", `${addresses[name]}/128`);
    expect(report.verdict).toBe("failed");
    expect(report.receivers.map((each) => each.verdict)).toEqual(["failed", "inconclusive"]);
    expect(report.receivers[0]?.reason).toMatch(
      /the sender's kernel refused \d+ of \d+ packets to fd00:20::11 \(EINVAL\): its route there discards them/,
    );
  });

  test("unicast that may not come, and does, is told", async () => {
    const receivers = judging.receivers.map((each) => ({ ...each, unicast: "silent" as const }));
    const report = await judge({ receivers });
    expect(report.receivers.map((each) => each.verdict)).toEqual(["failed", "failed"]);
    expect(report.receivers[1]?.reason).toMatch(/by unicast \d+ of \d+ came, and none may/);
  });

  test("the membership is missed by its own table", async () => {
    const receivers = judging.receivers.map((each) => ({ ...each, expect: "heard" as const, proof: undefined }));
    const report = await judge({ receivers });
    expect(report.receivers[1]?.reason).toContain("has not joined ff15:0::1:1 on net1, as /proc/net/igmp6 shows");
  });
});
