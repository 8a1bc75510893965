import type { CheckedReceiver } from "./config";
import { doubt, duplicateAddress, type Observed } from "./doubts";
import type { ReceiverVerdict } from "./report";
import { senderLoss, type SenderLoss } from "./sender-loss";
import type { Block } from "./sender-record";
import { addressOf, type Situation } from "./situation";

/** What is found of a receiver. */
export interface Outcome {
  readonly verdict: ReceiverVerdict;
  readonly text?: string;
}

/** What the sender itself did not send is its own fault, and silence about it proves nothing. */
export function withSenderLoss(
  situation: Situation,
  receiver: CheckedReceiver,
  blocks: readonly Block[],
  found: Outcome,
): Outcome {
  const { config } = situation;
  const { test, control } = config.destinations;
  const { expect, proof, unicast } = receiver;
  const address = addressOf(situation, receiver);
  const streams: (readonly [isJudged: boolean, key: string, to: string])[] = [
    [true, "test", test.group],
    [expect === "silent" && proof === undefined, "control", control.group],
    [(unicast ?? proof) !== undefined && address !== undefined, address ?? "", address ?? ""],
  ];
  const losses = streams.filter(([isJudged]) => isJudged);
  const loss = losses.flatMap(([, key, to]) => senderLoss(blocks, key, to, config) ?? [])[0];
  const isLeak = expect === "silent" && found.verdict === "failed";
  if (loss === undefined || isLeak || isTold(loss, found)) return found;
  if (expect === "heard") return { verdict: "failed", text: loss.text };
  return { verdict: "inconclusive", text: `silence proves nothing, since ${loss.text}` };
}

/** What the doubts about a receiver ask for. */
export function observedOf({ config, observations }: Situation, blocks: readonly Block[]): Observed {
  return {
    config,
    sender: observations.senderLine?.evidence,
    evidenceOf: (pod) => observations.receiverLine(pod)?.evidence,
    heard: (pod, stream) => blocks.flatMap(({ number }) => observations.heard(pod, stream, number) ?? []),
  };
}

/** What counts prove nothing makes them inconclusive; an address that is in use twice fails what would have passed. */
export function withDoubts(observed: Observed, receiver: CheckedReceiver, found: Outcome): Outcome {
  const why = doubt(observed, receiver);
  const isCounted = found.verdict === "passed" || receiver.expect === "silent";
  if (why !== undefined && isCounted) return { verdict: "inconclusive", text: why };
  const twice = duplicateAddress(observed, receiver);
  if (twice === undefined || found.text?.includes("both have the address")) return found;
  const text = found.text === undefined ? twice : `${found.text}; ${twice}`;
  return { verdict: found.verdict === "passed" ? "failed" : found.verdict, text };
}

/** The diagnosis says more of a route that is missing: how to make it. */
function isTold({ code }: SenderLoss, { text = "" }: Outcome): boolean {
  return code === "ENETUNREACH" && text.includes(code);
}
