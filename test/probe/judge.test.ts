import { failureMessages } from "../../probe/publish";
import { parseReport } from "../../probe/report";
import { obstacle } from "../../probe/judge";
import { judge } from "../../probe/verdict";
import { windowOf } from "../../probe/window";
import { config, DEAF_ADDRESS, play, verdictOn, type Trouble } from "./scene";

const never = (): number => 0;
const verdicts = (trouble: Trouble): string[] => verdictOn(trouble).receivers.map(({ verdict }) => verdict);

test("all in order is green, and says how much was judged", () => {
  const report = verdictOn({});
  expect(report.verdict).toBe("passed");
  expect(report.summary).toBe("2 of 2 expectations met for 239.1.1.1:5004 over 5 s");
  expect(report.receivers.map(({ reason }) => reason)).toEqual([
    "heard 100 of 100 packets of 239.1.1.1:5004",
    "heard 0 of 100 packets of 239.1.1.1:5004",
  ]);
  expect(failureMessages(report)).toEqual([]);
  expect(parseReport(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)));
});

const carrierLost = { carrier: false, operstate: "lowerlayerdown" };
const senderGone = { states: { sender: { exists: false } }, mute: ["sender"] };
const deafAll = { heard: { ear: never }, control: { ear: never } };

test.each<[string, Trouble, string]>([
  ["the sender's pod is gone", senderGone, "the sender's pod sender does not exist"],
  [
    "the sender's pod crashes",
    { states: { sender: { exists: true, phase: "Pending", containerReason: "ImagePullBackOff" } }, mute: ["sender"] },
    "the sender's pod sender is Pending (ImagePullBackOff)",
  ],
  ["the sender hangs", { mute: ["sender"] }, "no line comes from the sender's pod sender"],
  [
    "the sender's host NIC is down",
    { ...deafAll, evidence: { sender: carrierLost } },
    "the sender's net1 has no carrier",
  ],
  [
    "the sender has no net1",
    { ...deafAll, evidence: { sender: { present: false } } },
    "the sender's pod has no interface net1",
  ],
  [
    "the sender's interface has no address and /sys does not show it",
    { ...deafAll, evidence: { sender: { operstate: undefined, carrier: undefined, mtu: undefined, addresses: [] } } },
    "the sender's net1 has no IPv4 address, or is down",
  ],
  [
    "the multicast route is missing",
    { ...deafAll, evidence: { sender: { groupRoute: { interface: "eth0", destination: "0.0.0.0/0", metric: 0 } } } },
    "the sender's route to 239.1.1.1 leaves by eth0, not net1; add the route 224.0.0.0/4 dev net1",
  ],
  [
    "there is no route at all",
    { ...deafAll, sent: never, sendErrors: { ENETUNREACH: 20 } },
    "the sender has no route to 239.1.1.1 (ENETUNREACH)",
  ],
  [
    "a firewall on the sender refuses",
    { ...deafAll, sent: never, sendErrors: { EPERM: 20 } },
    "the sender's kernel refused 100 of 100 packets to 239.1.1.1 (EPERM): a firewall or a policy on its output drops them",
  ],
  [
    "the receiver's pod is gone",
    { states: { ear: { exists: false } }, mute: ["ear"] },
    "the receiver's pod ear does not exist",
  ],
  [
    "the receiver's host NIC is down",
    { ...deafAll, evidence: { ear: carrierLost } },
    "the receiver's net1 has no carrier",
  ],
  [
    "the receiver's net1 is down",
    { ...deafAll, evidence: { ear: { carrier: undefined, operstate: "down" } } },
    "the receiver's net1 is down",
  ],
  [
    "the receiver has no address",
    { ...deafAll, evidence: { ear: { addresses: [] } } },
    "the receiver's net1 has no IPv4 address",
  ],
  [
    "the join was refused",
    { heard: { ear: never }, joinError: "ENODEV", evidence: { ear: { memberships: { groups: [] } } } },
    "the receiver has not joined 239.1.1.1 on net1, as /proc/net/igmp shows (ENODEV)",
  ],
  [
    "an address is used twice",
    { ...deafAll, evidence: { ear: { addresses: ["10.20.0.1/24"] } } },
    "sender and receiver both have the address 10.20.0.1",
  ],
  [
    "rp_filter drops what has another way back",
    {
      ...deafAll,
      evidence: {
        ear: {
          reversePathFilter: { all: 1, interface: 0 },
          routes: [{ interface: "eth0", destination: "0.0.0.0/0", metric: 0 }],
        },
      },
    },
    "rp_filter is strict on the receiver's net1 and its route back to 10.20.0.1 leaves by eth0",
  ],
  [
    "TTL 1 meets a router",
    { ...deafAll, evidence: { ear: { addresses: ["10.30.0.2/24"] } } },
    "TTL 1 does not cross the router between 10.20.0.1 and 10.30.0.2/24",
  ],
  ["the group alone is filtered", { heard: { ear: never } }, "hears the control group 239.1.129.1 but not 239.1.1.1"],
  ["the path is dead", deafAll, "nothing of 239.1.1.1 and 239.1.129.1 comes from node a to node b"],
  ["a packet in fifty is lost", { heard: { ear: () => 19 } }, "lost 5 %, at most 1 % are allowed"],
])("the receiver that must hear fails and the cause is named when %s", (_, trouble, cause) => {
  const report = verdictOn(trouble);
  expect(report.verdict).toBe("failed");
  expect(report.receivers[0]).toMatchObject({ verdict: "failed", reason: expect.stringContaining(cause) as string });
  expect(failureMessages(report)[0]).toContain(cause);
});

test.each<[string, Trouble, string, string]>([
  ["it hears", { heard: { deaf: () => 1 } }, "failed", "net1 has not joined 239.1.1.1, yet its kernel delivered it"],
  [
    "it joined and hears",
    { heard: { deaf: () => 20 }, evidence: { deaf: { memberships: { groups: ["239.1.1.1"] } } } },
    "failed",
    "net1 has joined 239.1.1.1",
  ],
  [
    "the control group does not reach it",
    { control: { deaf: never } },
    "inconclusive",
    "did not hear the control group all the time",
  ],
  ["nothing was sent", { sent: never }, "inconclusive", "the sender skipped 100 of 100 packets to 239.1.1.1"],
  [
    "its interface is down",
    { control: { deaf: never }, evidence: { deaf: carrierLost } },
    "inconclusive",
    "the receiver's net1 has no carrier",
  ],
])("the receiver that must be silent does not pass when %s", (_, trouble, verdict, reason) => {
  expect(verdictOn(trouble).verdict).toBe("failed");
  expect(verdictOn(trouble).receivers[1]).toMatchObject({ verdict, reason: expect.stringContaining(reason) as string });
});

test("silence in a window in which the control group paused proves nothing", () => {
  const paused = (block: number): number => (block === 7 ? 0 : 20);
  expect(verdicts({ control: { deaf: paused } })).toEqual(["passed", "inconclusive"]);
});

test("silence of a receiver that only unicast reaches counts while those who must hear the group do", () => {
  const [ear, deaf] = config.receivers;
  const keptAway = { ...deaf!, joins: ["239.1.1.1"], proof: "unicast" as const, address: DEAF_ADDRESS };
  const control = { deaf: never };
  expect(verdicts({ control, config: { receivers: [ear!, keptAway] } })).toEqual(["passed", "passed"]);
  const paused = { control, heard: { ear: (block: number) => (block === 7 ? 0 : 20) } };
  expect(verdicts({ ...paused, config: { receivers: [ear!, keptAway] } })).toEqual(["failed", "inconclusive"]);
  // Where nobody may hear, unicast is all the proof that there is.
  expect(verdicts({ control, config: { receivers: [keptAway] } })).toEqual(["passed"]);
});

test("loss up to the limit passes", () => {
  const oneLost = (block: number): number => (block === 7 ? 19 : 20);
  expect(verdicts({ heard: { ear: oneLost } })).toEqual(["passed", "passed"]);
  expect(verdicts({ heard: { ear: oneLost }, config: { maxLossPercent: 0.9 } })).toEqual(["failed", "passed"]);
});

test("history alone gives no window, however good it was", () => {
  const situation = play({ blocks: 5 });
  expect(windowOf({ ...situation, now: situation.now + 60_000 })).toBeUndefined();
  expect(verdictOn({ blocks: 5 }).verdict).toBe("failed");
});

test("receivers of a sender that has stopped do not pass by what they heard before", () => {
  const report = judge({ ...play({ blocks: 6 }), now: 60_000 }, new Date(0), 0);
  const reason = expect.stringContaining("that is past, and now no line comes from the sender's pod sender") as string;
  expect(report.receivers).toMatchObject([
    { verdict: "failed", reason },
    { verdict: "inconclusive", reason },
  ]);
});

test("what was broken before everyone heard the control group is not judged", () => {
  const since = (block: number): number => (block < 4 ? 0 : 20);
  const half = (block: number): number => (block === 4 ? 11 : since(block));
  expect(verdicts({ heard: { ear: half }, control: { ear: half } })).toEqual(["passed", "passed"]);
});

test("a membership that the switch learns of later than the control group's is waited for", () => {
  const late = (block: number): number => (block < 8 ? 0 : 20);
  const { receivers, verdict } = verdictOn({ heard: { ear: late } });
  expect({ verdict, numbers: receivers[0]?.numbers }).toMatchObject({
    verdict: "passed",
    numbers: { sent: 100, received: 100 },
  });
  expect(verdicts({ heard: { ear: late }, blocks: 12 })).toEqual(["failed", "passed"]);
});

test("a window once begun is judged: what breaks in it is not waited out", () => {
  const breaks = (block: number): number => (block === 6 || block === 7 ? 0 : 20);
  const report = verdictOn({ heard: { ear: breaks }, control: { ear: breaks } });
  expect(report.receivers[0]).toMatchObject({ verdict: "failed", numbers: { sent: 100 } });
});

test.each<[string, Trouble, boolean]>([
  ["a fault that evidence names", { ...deafAll, evidence: { ear: carrierLost } }, true],
  ["a path that may yet come up", deafAll, false],
  [
    "a membership that was never made",
    { heard: { ear: never }, evidence: { ear: { memberships: { groups: [] } } } },
    true,
  ],
  ["a group that may yet come", { heard: { ear: never } }, false],
])("%s is worth no wait: %s", (_, trouble, certain) => {
  expect(obstacle(play(trouble), config.receivers[0]!)?.certain).toBe(certain);
  expect(obstacle(play({}), config.receivers[0]!)).toBeUndefined();
});

test("of many failures the last message counts the rest", () => {
  const report = verdictOn(deafAll);
  const receivers = [1, 2, 3, 4, 5].map((n) => ({ ...report.receivers[0]!, name: `r${n}` }));
  const messages = failureMessages({ ...report, receivers });
  expect(messages).toHaveLength(3);
  expect(messages[2]).toMatch(/^receiver r3 .* \(and 2 more, see ConfigMap\)$/);
});

test.each(["{}", "null", '{"schemaVersion":2}', '{"schemaVersion":1,"check":"x"}'])(
  "fails if a report is %s",
  (text) => {
    expect(() => parseReport(text)).toThrow(/^report(\.schemaVersion)? must/);
  },
);
