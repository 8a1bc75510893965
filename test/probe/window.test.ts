import type { CheckedReceiver } from "../../probe/config";
import { config, DEAF_ADDRESS } from "./scene";
import { found, START, type Run } from "./timeline";

const [ear, deaf] = config.receivers as [CheckedReceiver, CheckedReceiver];
const byUnicast: CheckedReceiver = { ...deaf, joins: ["239.1.1.1"], proof: "unicast", address: DEAF_ADDRESS };
const keptAway = {
  config: { receivers: [ear, byUnicast] },
  brings: (pod: string, stream: string) => pod !== "deaf" || stream === "unicast",
};
const verdict = (run: Run): string => {
  const { report } = found(run);
  return report.verdict === "passed"
    ? "passed"
    : `${report.summary}; ${report.receivers.map(({ reason }) => reason).join("; ")}`;
};
const between = (at: number, from: number, to: number): boolean => at >= from && at < to;

test("all in order is green after a few seconds", () => {
  const { report, after } = found({});
  expect(report).toMatchObject({ verdict: "passed", times: { judgedSeconds: 5 } });
  expect(after).toBeLessThanOrEqual(5000);
});

describe("a healthy network is not red because", () => {
  test.each<[string, Run]>([
    [
      "one line of a receiver comes 3.5 s late",
      { delay: (pod, at) => (pod === "ear" && between(at, 11_000, 12_000) ? 3500 : 50) },
    ],
    ["all lines of a receiver come 3.5 s late", { delay: (pod) => (pod === "ear" ? 3500 : 50) }],
    ["all lines of a silent receiver come 8 s late", { delay: (pod) => (pod === "deaf" ? 8000 : 50) }],
    ["the sender's lines come late", { delay: (pod) => (pod === "sender" ? 6000 : 50) }],
    ["a receiver has no processor for 5 s", { stopped: { ear: [11_200, 16_200] } }],
    ["a silent receiver has none", { stopped: { deaf: [11_200, 16_200] } }],
    ["a receiver's buffer was full meanwhile", { stopped: { ear: [11_200, 16_200] }, buffer: 60 }],
    ["lines of a receiver are lost for good", { loses: (pod, at) => pod === "ear" && between(at, 11_000, 14_000) }],
    ["lines of the sender are lost for good", { loses: (pod, at) => pod === "sender" && between(at, 11_000, 14_000) }],
    ["a receiver starts anew in the window", { restarts: { ear: 12_000 } }],
    ["the network was not in order before", { brings: (_pod, _stream, at) => !between(at, 7000, 9500) }],
    [
      "the group was heard before by one that may not",
      {
        config: { receivers: [ear, { ...deaf, joins: ["239.1.1.1"] }] },
        brings: (pod, stream, at) => pod !== "deaf" || stream !== "test" || at < 9000,
      },
    ],
    [
      "nodes' clocks are hours off, and jump",
      { clock: (pod, at) => at + (pod === "ear" ? 7_200_000 : 0) - (at > 12_000 ? 3_600_000 : 0) },
    ],
    [
      "unicast that proves that it lives is sent later than the window could begin",
      { ...keptAway, sends: (stream, at) => stream !== "unicast" || at >= 11_000 },
    ],
    [
      "unicast of the verdict before ended as this one began",
      {
        ...keptAway,
        sends: (stream, at) => stream !== "unicast" || !between(at, 11_000, 13_000),
      },
    ],
    [
      "unicast that must come does so later",
      {
        config: { receivers: [{ ...ear, unicast: "heard", address: DEAF_ADDRESS }, deaf] },
        sends: (stream, at) => stream !== "unicast" || at >= 12_000,
      },
    ],
    [
      "unicast that must not come is sent later",
      {
        config: { receivers: [{ ...ear, unicast: "silent", address: DEAF_ADDRESS }, deaf] },
        sends: (stream, at) => stream !== "unicast" || at >= 12_000,
        brings: (_pod, stream) => stream !== "unicast",
      },
    ],
    ["the control group is sent later", { sends: (stream, at) => stream !== "control" || at >= 12_000 }],
    [
      "the group under test pauses at the sender",
      { sends: (stream, at) => stream !== "test" || !between(at, 12_000, 13_000) },
    ],
    [
      "one receiver's group comes later than the other's",
      {
        config: { receivers: [ear, { ...ear, pod: "ear2", name: "ear2" }, deaf] },
        brings: (pod, stream, at) => pod !== "ear2" || stream !== "test" || at >= 14_000,
      },
    ],
  ])("%s", (_, run) => {
    expect(verdict(run)).toBe("passed");
  });
});

describe("a network that is not in order is not green because", () => {
  test.each<[string, Run, RegExp]>([
    [
      "packets are lost in the window",
      { brings: (pod, stream, at) => !(pod === "ear" && stream === "test" && between(at, 10_500, 11_000)) },
      /lost 10 %/,
    ],
    [
      "a group breaks off in the window",
      { brings: (pod, stream, at) => !(pod === "ear" && stream === "test" && at >= 11_000) },
      /heard \d+ of 100/,
    ],
    [
      "all breaks off in the window",
      { brings: (pod, _stream, at) => !(pod === "ear" && at >= 11_000) },
      /heard \d+ of 100/,
    ],
    [
      "one that may not hear does once",
      {
        config: { receivers: [ear, { ...deaf, joins: ["239.1.1.1"] }] },
        brings: (pod, stream, at) => pod !== "deaf" || stream !== "test" || between(at, 11_000, 11_050),
      },
      /silence was expected/,
    ],
    [
      "it was in order until the verdict began",
      { brings: (_pod, _stream, at) => at < START - 1000 },
      /no 5 s to judge/,
    ],
    [
      "the sender ended as the verdict began",
      { loses: (pod, at) => pod === "sender" && at > START },
      /no line comes from the sender's pod/,
    ],
    ["unicast is never sent", { ...keptAway, sends: (stream) => stream !== "unicast" }, /nothing was sent by unicast/],
  ])("%s", (_, run, reason) => {
    expect(verdict(run)).toMatch(reason);
  });
});

test("the deadline says whose lines are missing, or that they were dropped by the receiver itself", () => {
  const late = found({ delay: (pod) => (pod === "ear" ? 30_000 : 50) });
  expect(late.report.summary).toContain("no line comes from the receiver's pod ear");
  const behind = found({
    delay: (pod, at) => (pod === "ear" && at > START ? 12_000 : 50),
    config: { deadlineSeconds: 14 },
  });
  expect(behind.report.summary).toMatch(/of the last \d+ s the lines of the receiver's pod ear have not come yet/);
  const flooded = found({ stopped: { ear: [11_200, 28_200] }, buffer: 60 });
  expect(flooded.report.receivers[0]?.reason).toMatch(
    /\d+ datagrams that had arrived were dropped by the receiver's own socket/,
  );
});

test("a real loss is found soon after the window, not at the deadline", () => {
  const { after } = found({
    brings: (pod, _stream, at) => !(pod === "ear" && at >= 11_000),
    config: { deadlineSeconds: 100 },
  });
  expect(after).toBeLessThan(10_000);
});
