import type { CheckedPod, CheckedReceiver, StreamName } from "./config";
import { socketText } from "./address";
import { diagnose, diagnoseLeak, diagnoseUnicast, type Case, type Side } from "./diagnosis";
import { warnings } from "./doubts";
import { observedOf, withDoubts, withSenderLoss, type Outcome } from "./outcome";
import type { PodReport, ReceiverNumbers, ReceiverReport } from "./report";
import type { Block } from "./sender-record";
import type { Cause } from "./sentences";
import { addressOf, type Situation } from "./situation";
import { latestOf } from "./window";

/** A probe prints each second; after so long without a line it is called quiet. */
const QUIET_MS = 4000;

/** Lines of two pods come apart by less than so many seconds. */
const USUAL_DELAY = 3;

/** Judges one receiver over the blocks, which are the last ones where no window came about. */
export function judgeReceiver(
  situation: Situation,
  receiver: CheckedReceiver,
  blocks: readonly Block[],
  isWindow: boolean,
): ReceiverReport {
  const numbers = count(situation, receiver, blocks);
  const judged = withUnicast(situation, receiver, numbers, outcome(situation, receiver, numbers, blocks));
  const observed = observedOf(situation, blocks);
  const found = withDoubts(observed, receiver, withSenderLoss(situation, receiver, blocks, judged));
  const { verdict, text } = found.verdict === "passed" && !isWindow ? pastOutcome(situation, receiver) : found;
  const { test } = situation.config.destinations;
  const told = warnings(observed, receiver);
  const heard = `heard ${numbers.received} of ${numbers.sent} packets of ${socketText(test.group, test.port)}`;
  return {
    ...podReport(situation, receiver),
    expectation: receiver.expect,
    joins: receiver.joins,
    unicast: receiver.unicast,
    verdict,
    reason: text === undefined ? heard : `${heard}: ${text}`,
    ...(told.length > 0 && { warnings: told }),
    numbers,
  };
}

/** What keeps receivers from being judged now. */
export function obstacles(situation: Situation): (readonly [CheckedReceiver, Cause])[] {
  return situation.config.receivers.flatMap((receiver) => {
    const cause = obstacle(situation, receiver);
    return cause ? [[receiver, cause] as const] : [];
  });
}

/** Why a receiver cannot be judged now: what keeps from it what it must hear, or stopped the sender. */
export function obstacle(situation: Situation, receiver: CheckedReceiver): Cause | undefined {
  const latest = latestOf(situation).slice(-1);
  const numbers = count(situation, receiver, latest);
  const given = caseOf(situation, receiver, numbers);
  const hears =
    (receiver.proof === "unicast" || numbers.controlReceived > 0) &&
    (receiver.expect === "silent" || numbers.received > 0);
  if (!hears || given.sender.quiet) return diagnose(given);
  const needsUnicast = receiver.proof === "unicast" || receiver.unicast === "heard";
  if (!needsUnicast || (numbers.unicastReceived ?? 0) > 0) return undefined;
  return diagnoseUnicast(given, addressOf(situation, receiver));
}

/** What is said of a pod whatever it was there for. */
export function podReport({ observations, config, podStates }: Situation, checked: CheckedPod): PodReport {
  const line = checked === config.sender ? observations.senderLine : observations.receiverLine(checked.pod);
  return {
    name: checked.name,
    pod: checked.pod,
    namespace: checked.namespace,
    node: podStates.get(checked.pod)?.node ?? checked.node,
    ...(checked.outlet && { external: true }),
    addresses: line?.evidence.addresses ?? [],
    evidence: line?.evidence,
  };
}

function outcome(
  situation: Situation,
  receiver: CheckedReceiver,
  numbers: ReceiverNumbers,
  blocks: readonly Block[],
): Outcome {
  const given = caseOf(situation, receiver, numbers);
  if (receiver.expect === "heard") return judgeHeard(situation.config.maxLossPercent, numbers, given);
  return judgeSilent(situation, receiver, numbers, given, blocks);
}

function judgeSilent(
  situation: Situation,
  receiver: CheckedReceiver,
  numbers: ReceiverNumbers,
  given: Case,
  blocks: readonly Block[],
): Outcome {
  if (numbers.received > 0) return { verdict: "failed", text: `silence was expected, but ${diagnoseLeak(given)}` };
  const proof = proofOf(situation, receiver, numbers, given);
  const deaf = blocks.filter(({ number }) => !situation.observations.heard(receiver.pod, proof.stream, number));
  const unheard = receiver.proof === "unicast" ? blocks.filter((block) => !heardBySomebody(situation, block)) : [];
  if (numbers.sent > 0 && proof.sent > 0 && deaf.length === 0 && unheard.length === 0) return { verdict: "passed" };
  if (unheard.length > 0)
    return {
      verdict: "inconclusive",
      text: "silence proves nothing, since the receivers that must hear the group did not hear it all the time either",
    };
  const why = numbers.sent === 0 ? "nothing was sent" : `it did not hear ${proof.what} all the time either`;
  return {
    verdict: "inconclusive",
    text: `silence proves nothing, since ${why}${proof.cause ? `: ${proof.cause.text}` : ""}`,
  };
}

/** Unicast shows that a receiver lives; that there was multicast to hear, only somebody who heard it, where anybody must. */
function heardBySomebody({ config, observations }: Situation, { number }: Block): boolean {
  const hearers = config.receivers.filter(({ expect }) => expect === "heard");
  return hearers.length === 0 || hearers.some(({ pod }) => observations.heard(pod, "test", number));
}

/** The stream that shows that a receiver could have heard, and why it would not come. */
function proofOf(situation: Situation, receiver: CheckedReceiver, numbers: ReceiverNumbers, given: Case) {
  if (receiver.proof === undefined)
    return {
      stream: "control" as const,
      what: "the control group",
      sent: numbers.controlSent,
      cause: diagnose(given),
    };
  return {
    stream: receiver.proof,
    what: "unicast of the sender",
    sent: numbers.unicastSent ?? 0,
    cause: diagnoseUnicast(given, addressOf(situation, receiver)),
  };
}

/** Adds what is wrong with the stream to the receiver's address to what multicast gave. */
function withUnicast(
  situation: Situation,
  receiver: CheckedReceiver,
  numbers: ReceiverNumbers,
  found: Outcome,
): Outcome {
  const { unicastSent = 0, unicastReceived = 0 } = numbers;
  if (receiver.unicast === undefined || found.verdict !== "passed") return found;
  const came = `by unicast ${unicastReceived} of ${unicastSent} came`;
  if (receiver.unicast === "silent") {
    if (unicastReceived > 0) return { verdict: "failed", text: `${came}, and none may: no policy keeps them away` };
    return unicastSent > 0 ? found : { verdict: "inconclusive", text: "nothing was sent by unicast" };
  }
  const lost = unicastSent === 0 ? 100 : (1 - unicastReceived / unicastSent) * 100;
  if (lost <= situation.config.maxLossPercent) return found;
  if (unicastReceived > 0) return { verdict: "failed", text: `${came}: some are lost` };
  const given = caseOf(situation, receiver, numbers);
  return { verdict: "failed", text: `${came}: ${diagnoseUnicast(given, addressOf(situation, receiver)).text}` };
}

/** What was in order in the past does not make a receiver pass that cannot be judged now. */
function pastOutcome(situation: Situation, receiver: CheckedReceiver): Outcome {
  const cause = obstacle(situation, receiver);
  // That the control group does not come is said of the check: this receiver hears what it must.
  if (cause === undefined || cause.name === "onlyTestHeard") return { verdict: "passed" };
  const verdict = receiver.expect === "heard" ? "failed" : "inconclusive";
  return { verdict, text: `that is past, and now ${cause.text}` };
}

function judgeHeard(maxLossPercent: number, numbers: ReceiverNumbers, given: Case): Outcome {
  if (numbers.sent > 0 && numbers.lossPercent <= maxLossPercent) return { verdict: "passed" };
  const cause = diagnose(given)?.text;
  if (numbers.received === 0) return { verdict: "failed", text: cause ?? "nothing was sent" };
  const loss = `lost ${numbers.lossPercent} %, at most ${maxLossPercent} % are allowed`;
  return { verdict: "failed", text: cause ? `${loss}; ${cause}` : loss };
}

function count(situation: Situation, receiver: CheckedReceiver, blocks: readonly Block[]): ReceiverNumbers {
  const { observations } = situation;
  const { pod } = receiver;
  const heard = (stream: StreamName) => blocks.flatMap(({ number }) => observations.heard(pod, stream, number) ?? []);
  const test = heard("test");
  const line = observations.receiverLine(pod);
  const unicastNumbers = () => {
    const address = addressOf(situation, receiver) ?? "";
    return {
      unicastSent: sum(blocks.map((block) => block.unicast.get(address) ?? 0)),
      unicastReceived: sum(heard("unicast").map((block) => block.received)),
    };
  };
  const sent = situation.config.ratePerSecond * blocks.length;
  const received = sum(test.map((block) => block.received));
  return {
    sent,
    received,
    lossPercent: sent === 0 ? 100 : Math.max(0, Math.round((1 - received / sent) * 10_000) / 100),
    duplicates: sum(test.map(({ duplicates }) => duplicates)),
    outOfOrder: sum(test.map(({ outOfOrder }) => outOfOrder)),
    foreign: line?.foreign ?? 0,
    controlSent: sum(blocks.map((block) => block.sent.control)),
    controlReceived: sum(heard("control").map((block) => block.received)),
    ...(receiver.unicast || receiver.proof ? unicastNumbers() : {}),
    firstHeardAfterMs: line?.firstHeardAfterMs.test,
  };
}

function caseOf(situation: Situation, receiver: CheckedReceiver, numbers: ReceiverNumbers): Case {
  const { config, observations, now } = situation;
  const line = observations.receiverLine(receiver.pod);
  const side = (role: Side["role"], checked: CheckedPod, evidence: Side["evidence"]): Side => ({
    role,
    title: `the ${role}`,
    pod: checked.pod,
    host: checked.outlet && checked.node,
    interface: checked.interface ?? config.interface,
    state: situation.podStates.get(checked.pod),
    evidence,
    quiet: now - (observations.readAt(checked.pod) ?? -Infinity) > QUIET_MS,
  });
  return {
    network: config.network,
    destinations: config.destinations,
    ttl: config.ttl,
    sender: side("sender", config.sender, observations.senderLine?.evidence),
    sendErrors: latestOf(situation).at(-1)?.errors ?? {},
    receiver: {
      ...side("receiver", receiver, line?.evidence),
      joinError: line?.joinError,
      expect: receiver.expect,
      missingSeconds: missingSeconds(situation, receiver),
      dropped: observations.dropped(receiver.pod),
    },
    heardTest: numbers.received,
    heardControl: numbers.controlReceived,
    unicast: { sent: numbers.unicastSent ?? 0, received: numbers.unicastReceived ?? 0 },
  };
}

/** Seconds up to now that a receiver heard the sender in, as far as it was read, and has not spoken of yet; fewer than the usual delay are none. */
function missingSeconds({ observations }: Situation, receiver: CheckedReceiver): number {
  const { pod } = receiver;
  const highest = observations.highest(pod);
  const last = observations.blocks.at(-1)?.number;
  if (highest === undefined || last === undefined || observations.isPast(receiver, last - USUAL_DELAY, false)) return 0;
  return Math.max(0, last - highest);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
