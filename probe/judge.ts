import type { CheckedPod, CheckedReceiver, StreamName, VerdictConfig } from "./config";
import { diagnose, diagnoseLeak, type Case, type Cause, type Side } from "./diagnosis";
import type { Block, Observations } from "./observations";
import type { PodState } from "./pod-state";
import type { PodReport, ReceiverNumbers, ReceiverReport, ReceiverVerdict } from "./report";

/** A probe prints each second; after so long without a line it is called quiet. */
const QUIET_MS = 4000;

/** What the judge looks at. */
export interface Situation {
  readonly config: VerdictConfig;
  readonly observations: Observations;
  /** By pod name. */
  readonly podStates: ReadonlyMap<string, PodState>;
  /** By the clock that the observations were read by. */
  readonly now: number;
}

/** Judges one receiver over the blocks, which are the last ones where no window came about. */
export function judgeReceiver(
  situation: Situation,
  receiver: CheckedReceiver,
  blocks: readonly Block[],
  isWindow: boolean,
): ReceiverReport {
  const numbers = count(situation, receiver, blocks);
  const found = outcome(situation, receiver, numbers, blocks);
  const { verdict, text } = found.verdict === "passed" && !isWindow ? pastOutcome(situation, receiver) : found;
  const { test } = situation.config.destinations;
  const heard = `heard ${numbers.received} of ${numbers.sent} packets of ${test.group}:${test.port}`;
  return {
    ...podReport(situation, receiver),
    expectation: receiver.expect,
    joins: receiver.joins,
    verdict,
    reason: text === undefined ? heard : `${heard}: ${text}`,
    numbers,
  };
}

/** Why a receiver cannot be judged now: what keeps from it what it must hear, or stopped the sender. */
export function obstacle(situation: Situation, receiver: CheckedReceiver): Cause | undefined {
  const latest = situation.observations.latest(situation.now).slice(-1);
  const numbers = count(situation, receiver, latest);
  const given = caseOf(situation, receiver, numbers);
  const hears = numbers.controlReceived > 0 && (receiver.expect === "silent" || numbers.received > 0);
  return hears && !given.sender.quiet ? undefined : diagnose(given);
}

/** What is said of a pod whatever it was there for. */
export function podReport({ observations, config, podStates }: Situation, checked: CheckedPod): PodReport {
  const line = checked === config.sender ? observations.senderLine : observations.receiverLine(checked.pod);
  return {
    name: checked.name,
    pod: checked.pod,
    node: podStates.get(checked.pod)?.node ?? checked.node,
    addresses: line?.evidence.addresses ?? [],
    evidence: line?.evidence,
  };
}

interface Outcome {
  readonly verdict: ReceiverVerdict;
  readonly text?: string;
}

function outcome(
  situation: Situation,
  receiver: CheckedReceiver,
  numbers: ReceiverNumbers,
  blocks: readonly Block[],
): Outcome {
  const given = caseOf(situation, receiver, numbers);
  if (receiver.expect === "heard") return judgeHeard(situation.config.maxLossPercent, numbers, given);
  if (numbers.received > 0) return { verdict: "failed", text: `silence was expected, but ${diagnoseLeak(given)}` };
  const deaf = blocks.filter(({ number }) => !situation.observations.heard(receiver.pod, "control", number));
  if (numbers.sent > 0 && numbers.controlSent > 0 && deaf.length === 0) return { verdict: "passed" };
  const cause = diagnose(given)?.text;
  const proof = numbers.sent === 0 ? "nothing was sent" : "it did not hear the control group all the time either";
  return { verdict: "inconclusive", text: `silence proves nothing, since ${proof}${cause ? `: ${cause}` : ""}` };
}

/** What was in order in the past does not make a receiver pass that cannot be judged now. */
function pastOutcome(situation: Situation, receiver: CheckedReceiver): Outcome {
  const cause = obstacle(situation, receiver);
  if (cause === undefined) return { verdict: "passed" };
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

function count({ observations }: Situation, { pod }: CheckedReceiver, blocks: readonly Block[]): ReceiverNumbers {
  const heard = (stream: StreamName) => blocks.flatMap(({ number }) => observations.heard(pod, stream, number) ?? []);
  const test = heard("test");
  const line = observations.receiverLine(pod);
  const sent = sum(blocks.map((block) => block.sent.test));
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
    firstHeardAfterMs: line?.firstHeardAfterMs.test,
  };
}

function caseOf(situation: Situation, receiver: CheckedReceiver, numbers: ReceiverNumbers): Case {
  const { config, observations, now } = situation;
  const line = observations.receiverLine(receiver.pod);
  const side = (title: string, pod: string, evidence: Side["evidence"]): Side => ({
    title,
    pod,
    state: situation.podStates.get(pod),
    evidence,
    quiet: now - (observations.readAt(pod) ?? -Infinity) > QUIET_MS,
  });
  return {
    network: config.network,
    destinations: config.destinations,
    ttl: config.ttl,
    interface: config.interface,
    sender: side("the sender", config.sender.pod, observations.senderLine?.evidence),
    sendErrors: observations.latest(now).at(-1)?.errors ?? {},
    receiver: {
      ...side("the receiver", receiver.pod, line?.evidence),
      joinError: line?.joinError,
      expect: receiver.expect,
    },
    heardTest: numbers.received,
    heardControl: numbers.controlReceived,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
