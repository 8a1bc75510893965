import { withoutPrefix } from "../../probe/address";
import type { CheckedReceiver } from "../../probe/config";
import { diagnose, diagnoseUnicast, type Case, type Side } from "../../probe/diagnosis";
import type { Evidence } from "../../probe/evidence";
import type { PodState } from "../../probe/pod-state";
import { SENTENCES, type SentenceName } from "../../probe/sentences";
import { untrue } from "./outcomes";
import { config, DEAF_ADDRESS, soundEvidence } from "./scene";
import { found } from "./timeline";

/** What must be so where a sentence is said. A sentence without an entry does not compile. */
type Claim = (given: Case, text: string) => boolean;

const TEST = config.destinations.test.group;
const CONTROL = config.destinations.control.group;
const hasEnded = ({ state }: Side): boolean => ["Failed", "Succeeded", "Terminating"].includes(state?.phase ?? "");
const isWaiting = (side: Side): boolean => side.state?.phase === "Pending" && !hasEnded(side);
const hosts = ({ evidence }: Side): string[] => (evidence?.addresses ?? []).map(withoutPrefix);
const heardNothing = ({ heardTest, heardControl }: Case): boolean => heardTest === 0 && heardControl === 0;
/** Nothing was heard of any group that the text names. */
const namesUnheard: Claim = ({ heardTest, heardControl }, text) => {
  const named = [
    ...(text.includes(`${CONTROL} `) ? [heardControl] : []),
    ...(text.includes(`${TEST} `) || text.includes(`of ${TEST}`) ? [heardTest] : []),
  ];
  return named.length > 0 && named.every((count) => count === 0);
};
const isSound = ({ role, evidence, interface: name }: Side): boolean =>
  evidence !== undefined &&
  evidence.present &&
  evidence.carrier !== false &&
  evidence.operstate === "up" &&
  evidence.addresses.length > 0 &&
  (role === "receiver" || evidence.groupRoute === undefined || evidence.groupRoute.interface === name);

const sides = (role: "sender" | "receiver") => ({
  podMissing: ((given) => given[role].state?.exists === false) as Claim,
  podEnded: ((given) => hasEnded(given[role])) as Claim,
  podNotRunning: ((given) => isWaiting(given[role])) as Claim,
  podQuiet: ((given) => given[role].quiet && given[role].host === undefined) as Claim,
  hostQuiet: ((given) => given[role].quiet && given[role].host !== undefined) as Claim,
  noInterface: ((given) => given[role].evidence?.present === false) as Claim,
  interfaceDown: (({ [role]: { evidence } }) =>
    evidence !== undefined && evidence.operstate === "down" && evidence.carrier === undefined) as Claim,
  noCarrier: ((given) => given[role].evidence?.carrier === false) as Claim,
  noAddress: ((given) => given[role].evidence?.addresses.length === 0) as Claim,
});
const [sender, receiver] = [sides("sender"), sides("receiver")];

const CLAIMS: Readonly<Record<SentenceName, Claim>> = {
  senderPodMissing: sender.podMissing,
  senderPodEnded: sender.podEnded,
  senderPodNotRunning: sender.podNotRunning,
  senderPodQuiet: sender.podQuiet,
  senderHostQuiet: sender.hostQuiet,
  senderNoInterface: sender.noInterface,
  senderInterfaceDown: sender.interfaceDown,
  senderNoCarrier: sender.noCarrier,
  senderNoAddress: sender.noAddress,
  receiverPodMissing: receiver.podMissing,
  receiverPodEnded: receiver.podEnded,
  receiverPodNotRunning: receiver.podNotRunning,
  receiverPodQuiet: receiver.podQuiet,
  receiverHostQuiet: receiver.hostQuiet,
  receiverNoInterface: receiver.noInterface,
  receiverInterfaceDown: receiver.interfaceDown,
  receiverNoCarrier: receiver.noCarrier,
  receiverNoAddress: receiver.noAddress,
  noRoute: ({ sendErrors }) => (sendErrors.ENETUNREACH ?? 0) > 0,
  otherRoute: ({ sender: { evidence, interface: name } }, text) =>
    evidence?.groupRoute !== undefined &&
    evidence.groupRoute.interface !== name &&
    text.includes(evidence.groupRoute.interface),
  sendRefused: ({ sendErrors }, text) => Object.keys(sendErrors).some((code) => text.includes(code)),
  linesMissing: ({ receiver: { missingSeconds } }, text) =>
    missingSeconds > 0 && text.includes(`last ${missingSeconds} s`),
  notJoined: (given, text) =>
    [TEST, CONTROL].some(
      (group) => text.includes(`joined ${group} `) && !given.receiver.evidence?.memberships.groups.includes(group),
    ) && namesUnheard(given, text),
  sharedAddress: (given, text) =>
    hosts(given.sender).some((address) => hosts(given.receiver).includes(address) && text.includes(address)),
  reversePath: (given) => heardNothing(given) && given.receiver.evidence?.reversePathFilter.all === 1,
  timeToLive: (given) => heardNothing(given) && given.ttl === 1,
  droppedBySocket: ({ receiver: { dropped } }, text) => dropped > 0 && text.startsWith(`${dropped} `),
  onlyControlHeard: ({ heardTest, heardControl }) => heardTest === 0 && heardControl > 0,
  onlyTestHeard: ({ heardTest, heardControl }) => heardTest > 0 && heardControl === 0,
  bothEndsInOrder: (given, text) => namesUnheard(given, text) && isSound(given.sender) && isSound(given.receiver),
  oneEndKnown: (given, text) => namesUnheard(given, text) && (!given.sender.evidence || !given.receiver.evidence),
  unicastNotSent: ({ unicast }) => (unicast?.sent ?? 0) === 0,
  noUnicast: ({ unicast }) => (unicast?.sent ?? 0) > 0 && unicast?.received === 0,
  someUnicast: ({ unicast }) => unicast !== undefined && unicast.received > 0 && unicast.received < unicast.sent,
  unicastPaused: ({ unicast }) => unicast !== undefined && unicast.sent > 0 && unicast.received === unicast.sent,
  // Said by the socat check alone, of a receiver that prints no evidence (socat.test.ts).
  noAnswer: (given) => isSound(given.sender),
};

const away = { interface: "eth0", destination: "0.0.0.0/0", metric: 0 };
const EVIDENCE: readonly ((host: number) => Evidence | undefined)[] = [
  () => undefined,
  (host) => soundEvidence(host, TEST),
  (host) => soundEvidence(host, TEST),
  (host) => soundEvidence(host),
  (host) => ({ ...soundEvidence(host, TEST), memberships: { groups: [TEST] } }),
  (host) => ({ ...soundEvidence(host, TEST), present: false }),
  (host) => ({ ...soundEvidence(host, TEST), operstate: "down", carrier: undefined }),
  (host) => ({ ...soundEvidence(host, TEST), operstate: "lowerlayerdown", carrier: false }),
  (host) => ({ ...soundEvidence(host, TEST), addresses: [] }),
  (host) => ({ ...soundEvidence(host, TEST), groupRoute: away }),
  () => soundEvidence(1, TEST),
  (host) => ({ ...soundEvidence(host, TEST), reversePathFilter: { all: 1 }, routes: [away] }),
  (host) => ({ ...soundEvidence(host, TEST), addresses: [`10.30.0.${host}/24`] }),
];
const STATES: readonly (PodState | undefined)[] = [
  { exists: true, phase: "Running", node: "a" },
  { exists: true, phase: "Running", node: "a" },
  { exists: true, phase: "Running", node: "b" },
  { exists: false },
  { exists: true, phase: "Pending", containerReason: "ContainerCreating" },
  { exists: true, phase: "Failed" },
  undefined,
];

/** The same numbers in each run. */
function numbers(seed: number): <T>(of: readonly T[]) => T {
  let state = seed;
  return (of) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return of[Math.floor((state / 2 ** 32) * of.length)]!;
  };
}

function someCase(pick: <T>(of: readonly T[]) => T): Case {
  const side = (role: "sender" | "receiver", host: number): Side => ({
    role,
    title: `the ${role}`,
    pod: `${role}-pod`,
    host: pick([undefined, undefined, undefined, "outside"]),
    interface: "net1",
    state: pick(STATES),
    evidence: pick(EVIDENCE)(host),
    quiet: pick([false, false, false, true]),
  });
  return {
    network: { kind: pick(["attached", "cluster"] as const), name: "plane" },
    destinations: config.destinations,
    ttl: pick([1, 4]),
    sender: side("sender", 1),
    sendErrors: pick<Readonly<Record<string, number>>>([{}, {}, {}, { ENETUNREACH: 20 }, { EPERM: 3 }]),
    receiver: {
      ...side("receiver", 2),
      expect: pick(["heard", "silent"] as const),
      missingSeconds: pick([0, 0, 0, 4]),
      dropped: pick([0, 0, 0, 7]),
    },
    heardTest: pick([0, 0, 60, 100]),
    heardControl: pick([0, 0, 100]),
    unicast: pick([
      undefined,
      { sent: 0, received: 0 },
      { sent: 100, received: 0 },
      { sent: 100, received: 60 },
      { sent: 100, received: 100 },
    ]),
  };
}

test("no sentence contradicts the evidence and the numbers, in thousands of situations, and each is said in some", () => {
  const pick = numbers(8);
  const said = new Set<SentenceName>(["noAnswer"]);
  for (let n = 0; n < 15_000; n += 1) {
    const given = someCase(pick);
    for (const cause of [diagnose(given), diagnoseUnicast(given, DEAF_ADDRESS)]) {
      if (!cause) continue;
      said.add(cause.name);
      const witnesses = cause.witnesses.filter((each) => each === "sender" || each === "receiver");
      const isShown =
        cause.name === "linesMissing" ||
        cause.name === "noRoute" ||
        cause.name === "sendRefused" ||
        cause.name === "droppedBySocket" ||
        witnesses.every((each) => given[each].evidence !== undefined);
      if (!isShown || !CLAIMS[cause.name](given, cause.text))
        throw new Error(`${cause.name} is not so: ${cause.text}\n${JSON.stringify(given, undefined, 1)}`);
    }
  }
  expect([...said].sort()).toEqual(Object.keys(SENTENCES).sort());
});

test("what a report says of a receiver is so in its own numbers", () => {
  const pick = numbers(15);
  const [ear, deaf] = config.receivers as [CheckedReceiver, CheckedReceiver];
  const kinds: readonly CheckedReceiver[] = [
    ear,
    { ...ear, unicast: "heard", address: DEAF_ADDRESS },
    { ...ear, unicast: "silent", address: DEAF_ADDRESS },
    deaf,
    { ...deaf, joins: [TEST], proof: "unicast", address: DEAF_ADDRESS },
    { ...deaf, proof: "unicast", unicast: "heard", address: DEAF_ADDRESS },
  ];
  for (let n = 0; n < 150; n += 1) {
    const receivers = ["one", "two"].map((pod) => ({ ...pick(kinds), pod, name: pod }));
    const blocked = new Map(
      receivers.map(({ pod }) => [
        pod,
        { stream: pick(["", "test", "control", "unicast", "all"]), from: pick([0, 0, 11_000]) },
      ]),
    );
    const unsent = { stream: pick(["", "", "", "test", "control", "unicast"]), from: pick([0, 11_000]) };
    const { report } = found({
      config: { receivers, deadlineSeconds: 12 },
      sends: (stream, at) => unsent.stream !== stream || at < unsent.from,
      brings: (pod, stream, at) => {
        const { stream: kept = "", from = 0 } = blocked.get(pod) ?? {};
        return (kept !== "all" && kept !== stream) || at < from;
      },
      delay: (pod) => (pod === "two" ? pick([50, 50, 3500]) : 50),
    });
    for (const each of report.receivers) expect(untrue(each)).toBeUndefined();
    expect(report.summary).toContain(
      `${report.receivers.filter(({ verdict }) => verdict === "passed").length} of 2 expectations met`,
    );
  }
});
