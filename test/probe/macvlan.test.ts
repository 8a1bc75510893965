import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { BUNDLE_PATH } from "../../probe/bundle";
import type { ReceiveConfig, SendConfig, SocatAskConfig, VerdictConfig } from "../../probe/config";
import { KubeApi, type ApiAccess } from "../../probe/kube-api";
import { publish, signed } from "../../probe/publish";
import { parseReport, type Report } from "../../probe/report";
import { verdict } from "../../probe/verdict";
import { ApiServer } from "./api-server";
import { key } from "./keys";
import { MacvlanHosts } from "./macvlan-hosts";
import { describeWith } from "../helpers/needs";

const destinations = {
  test: { group: "239.1.1.1", port: 5004 },
  control: { group: "239.1.129.1", port: 5004 },
};
const common = { destinations, interface: "net1" } as const;
const sending: SendConfig = { ...common, mode: "send", ttl: 4, ratePerSecond: 20 };
const receiving = (...joins: string[]): ReceiveConfig => ({ ...common, mode: "receive", joins });
const pods = {
  sender: { host: "a", address: "198.18.200.10/24", config: sending },
  same: { host: "a", address: "198.18.200.11/24", config: receiving("239.1.1.1") },
  other: { host: "b", address: "198.18.200.12/24", config: receiving("239.1.1.1") },
  deaf: { host: "b", address: "198.18.200.13/24", config: receiving() },
  wrong: { host: "b", address: "198.18.200.14/24", config: receiving("239.1.1.2") },
} as const;
const judging: VerdictConfig = {
  mode: "verdict",
  network: { kind: "attached", name: "plane" },
  report: { check: "plane", namespace: "media", configMap: "plane-report", image: "probe:1" },
  destinations,
  ttl: 4,
  interface: "net1",
  sender: { name: "sender", pod: "sender" },
  receivers: [
    { name: "same", pod: "same", expect: "heard", joins: ["239.1.1.1"] },
    { name: "other", pod: "other", expect: "heard", joins: ["239.1.1.1"] },
    { name: "deaf", pod: "deaf", expect: "silent", joins: [] },
    { name: "wrong", pod: "wrong", expect: "silent", joins: ["239.1.1.2"] },
  ],
  ratePerSecond: 20,
  windowSeconds: 3,
  deadlineSeconds: 20,
  maxLossPercent: 1,
};

describeWith(["root", "ip", "openssl", "socat"], "probes on macvlan children of two hosts' eth1", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "vft-bundle-"));
  const bundle = path.join(directory, "probe.cjs");
  let hosts: MacvlanHosts;
  let server: ApiServer;
  let access: ApiAccess;
  /** Pods whose lines come 3.5 s late. */
  const late = new Set<string>();

  beforeAll(async () => {
    chmodSync(directory, 0o755);
    copyFileSync(BUNDLE_PATH, bundle);
    hosts = new MacvlanHosts(bundle);
    hosts.addHost("a");
    hosts.addHost("b");
    for (const [name, { host, address, config }] of Object.entries(pods)) {
      hosts.addPod(name, host, address);
      hosts.start(name, config);
    }
  });
  afterAll(async () => {
    await hosts.remove();
    rmSync(directory, { recursive: true });
  });
  beforeEach(async () => {
    server = new ApiServer({
      pod: (name) =>
        hosts.isRunning(name)
          ? { spec: { nodeName: pods[name as keyof typeof pods].host }, status: { phase: "Running" } }
          : undefined,
      follow: (name, onLine) =>
        hosts.follow(name, (line) => {
          if (late.has(name)) setTimeout(onLine, 3500, line);
          else onLine(line);
        }),
    });
    access = await server.listen();
  });
  afterEach(() => server.close());

  async function judge(config: Partial<VerdictConfig> = {}): Promise<Report> {
    const api = new KubeApi(access);
    const own = { name: "plane-verdict", uid: "uid-1" };
    await publish(api, judging.report, own, signed(await verdict({ ...judging, ...config }, api, key), own));
    const report = parseReport(server.configMap["report.json"] ?? "");
    expect(report.runId).toBe(own.uid);
    const red = report.receivers.some((receiver) => receiver.verdict !== "passed");
    expect(report.verdict).toBe(red ? "failed" : "passed");
    return report;
  }

  const verdicts = (report: Report): Record<string, string> =>
    Object.fromEntries(report.receivers.map(({ name, verdict: each }) => [name, each]));
  /** Why expectations did not hold: nothing when all did. */
  const unmet = (report: Report): string[] =>
    report.receivers.filter((each) => each.verdict !== "passed").map(({ name, reason }) => `${name} ${reason}`);

  test("everyone who joined hears every packet, nobody else hears one", async () => {
    const report = await judge();
    expect(unmet(report)).toEqual([]);
    expect(report.receivers.map(({ numbers }) => [numbers.sent, numbers.received, numbers.controlReceived])).toEqual([
      [60, 60, 60],
      [60, 60, 60],
      [60, 0, 60],
      [60, 0, 60],
    ]);
    expect(report.sender.evidence).toMatchObject({ carrier: true, groupRoute: { interface: "net1" } });
    expect(server.events).toEqual([]);
  });

  test("expectations turned round fail by name and reason, also over connections that are lost", async () => {
    server.cutOff = 3;
    const turned = { same: "silent", other: "heard", deaf: "heard", wrong: "silent" } as const;
    const receivers = judging.receivers.map((each) => ({ ...each, expect: turned[each.pod as keyof typeof turned] }));
    const report = await judge({ receivers });
    expect(verdicts(report)).toEqual({ same: "failed", other: "passed", deaf: "failed", wrong: "passed" });
    const reasons = report.receivers.map(({ reason }) => reason);
    expect(reasons[0]).toMatch(/heard 60 of 60 .* net1 has joined 239.1.1.1, as \/proc\/net\/igmp shows/);
    expect(reasons[2]).toContain("heard 0 of 60 packets of 239.1.1.1:5004: the receiver has not joined");
    expect(report.transportRetries).toBeGreaterThanOrEqual(3);
  });

  test("lines that come late, and a receiver without a processor for 5 s, fail nothing", async () => {
    late.add("same");
    const judged = judge({ windowSeconds: 6, deadlineSeconds: 40 });
    try {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      hosts.signal("other", "SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, 5000));
    } finally {
      hosts.signal("other", "SIGCONT");
      late.clear();
    }
    expect(unmet(await judged)).toEqual([]);
  }, 60_000);

  test("eth1 of one host down: its receivers are named, those of the other host pass", async () => {
    hosts.inside("b", "ip", "link", "set", "eth1", "down");
    try {
      const report = await judge();
      expect(verdicts(report)).toEqual({
        same: "passed",
        other: "failed",
        deaf: "inconclusive",
        wrong: "inconclusive",
      });
      expect(server.events[0]).toMatchObject({
        type: "Warning",
        involvedObject: { kind: "Pod", namespace: "media", name: "plane-verdict", uid: "uid-1" },
        message: expect.stringMatching(
          /^receiver other \(node b\) .* net1 has no carrier: the host's interface/,
        ) as string,
      });
    } finally {
      hosts.inside("b", "ip", "link", "set", "eth1", "up");
    }
    expect(unmet(await judge())).toEqual([]);
  }, 60_000);

  test("the multicast route deleted: the sender's egress is named", async () => {
    hosts.inside("sender", "ip", "route", "delete", "224.0.0.0/4", "dev", "net1");
    try {
      const report = await judge();
      expect(verdicts(report)).toMatchObject({ same: "failed", other: "failed", deaf: "inconclusive" });
      expect(server.events.map(({ message }) => message)).toContainEqual(
        expect.stringContaining(
          "sender's route to 239.1.1.1 leaves by eth0, not net1; add the route 224.0.0.0/4 dev net1",
        ),
      );
      hosts.inside("sender", "ip", "route", "delete", "default");
      expect((await judge()).receivers[0]?.reason).toContain("no route to 239.1.1.1 (ENETUNREACH)");
    } finally {
      hosts.inside("sender", "ip", "route", "replace", "224.0.0.0/4", "dev", "net1");
      hosts.inside("sender", "ip", "route", "replace", "default", "via", "10.42.0.1", "dev", "eth0");
    }
  }, 60_000);

  test("the sender stopped: every receiver fails for want of a sender", async () => {
    await hosts.stop("sender");
    const report = await judge();
    expect(verdicts(report)).toMatchObject({
      same: "failed",
      other: "failed",
      deaf: "inconclusive",
      wrong: "inconclusive",
    });
    expect(report.receivers[1]?.reason).toContain("the sender's pod sender does not exist");
    hosts.start("sender", sending);
    expect(unmet(await judge())).toEqual([]);
  }, 60_000);

  test("socat's question to the group brings back the listener's host name, and without a listener the reason", async () => {
    const destination = { group: "224.1.0.1", port: 30102 };
    const asking: SocatAskConfig = {
      mode: "socat-ask",
      network: { kind: "attached", name: "plane" },
      report: judging.report,
      destination,
      interface: "net1",
      ttl: 64,
      range: "198.18.200.0/24",
      listener: { name: "mlistener", pod: "mlistener" },
      sender: { name: "msender", pod: "msender", node: "a" },
      answer: "mlistener",
      deadlineSeconds: 20,
    };
    const ask = (config: SocatAskConfig): Report => {
      const script = path.join(__dirname, "ask-inside.ts");
      const argv = ["--import", "tsx", script, JSON.stringify(config)];
      return parseReport(hosts.inside("sender", process.execPath, ...argv));
    };
    const silent = ask({ ...asking, deadlineSeconds: 2 });
    expect(silent).toMatchObject({ kind: "socat", verdict: "failed" });
    expect(silent.summary).toContain("mlistener answered 0 of ");
    await hosts.stop("other");
    hosts.start(
      "other",
      { mode: "socat-listen", destination, interface: "net1" },
      { hostname: key.hostName("mlistener") },
    );
    expect(ask(asking)).toMatchObject({ verdict: "passed", receivers: [{ numbers: { received: 1 } }] });
    // `hostname` may end before socat has handed it the question, and then socat drops the answer: more than one try is needed.
    expect(ask({ ...asking, answer: "other", deadlineSeconds: 12 }).summary).toMatch(/answered, not "other-/);
    hosts.inside("sender", "ip", "route", "delete", "224.0.0.0/4", "dev", "net1");
    expect(ask({ ...asking, deadlineSeconds: 2 }).summary).toContain("the sender's route to 224.1.0.1 leaves by eth0");
  }, 90_000);
});
