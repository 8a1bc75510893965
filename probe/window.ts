import type { CheckedReceiver, StreamName } from "./config";
import { addressOf, type Situation } from "./situation";
import { isStarved } from "./sender-loss";
import type { Block } from "./sender-record";

/** Of a window, at least so many blocks must be news, so that what broke just now is seen. */
const FRESH_BLOCKS = 3;
/** Where there is no window, a block of which lines are missing is over by then. */
const GIVEN_UP_MS = 3000;

/** One of the streams that a receiver is judged by. */
interface Judged {
  readonly stream: StreamName;
  readonly isHeard: boolean;
}

/**
 * Control or what stands for it, test, and unicast where it is judged. All must be sent before a window begins, also
 * what must not be heard: nothing else shows that it was kept away.
 */
function judgedStreams({ proof, expect, unicast }: CheckedReceiver): Judged[] {
  return [
    { stream: proof ?? "control", isHeard: true },
    { stream: "test", isHeard: expect === "heard" },
    ...(unicast === undefined ? [] : [{ stream: "unicast" as const, isHeard: unicast === "heard" }]),
  ];
}

/**
 * The blocks to judge, once they are complete: `windowSeconds` in a row since every stream that a receiver is judged by is
 * sent and comes to all that must hear it. Some may lie in the past, since the pods count all the time, but what went
 * wrong there is held against nobody: the window begins after it. From its first new block on, nothing that is lost
 * moves the window; only what says nothing of the network begins a new one (see `isUnknown`).
 */
export function windowOf(situation: Situation): readonly Block[] | undefined {
  const { windowSeconds } = situation.config;
  const fresh = Math.min(FRESH_BLOCKS, windowSeconds);
  const run = new Run();
  for (const block of situation.observations.blocks) {
    if (!isSettled(situation, block)) return undefined;
    run.add(situation, block);
    const window = run.blocks.slice(-windowSeconds);
    if (window.length === windowSeconds && window.filter(({ isNews }) => isNews).length >= fresh) return window;
  }
  return undefined;
}

/** The last blocks that are over: what is judged when there is no window. */
export function latestOf(situation: Situation): readonly Block[] {
  const { observations, config, now } = situation;
  const over = observations.blocks.filter((block) => now - block.readAt >= GIVEN_UP_MS || isSettled(situation, block));
  return over.slice(-config.windowSeconds);
}

/** Blocks in a row that may become the window. */
class Run {
  public blocks: Block[] = [];
  private last?: Block;
  private lastReached = false;

  public add(situation: Situation, block: Block): void {
    const follows = this.last !== undefined && this.last.number + 1 === block.number;
    const hasBegun = follows && this.blocks.some(({ isNews }) => isNews);
    const isUseful = !isUnknown(situation, block) && (hasBegun || this.begins(situation, block, follows));
    if (!isUseful) this.blocks = [];
    else this.blocks = follows ? [...this.blocks, block] : [block];
    this.last = block;
    this.lastReached = reachesEveryone(situation, block);
  }

  /** The first block in which all hear may have been cut in half by a join, so it counts only if nothing is missing. */
  private begins(situation: Situation, block: Block, follows: boolean): boolean {
    if (isPerfect(situation, block)) return true;
    return block.isNews && follows && this.lastReached && reachesEveryone(situation, block);
  }
}

/** Whether each receiver's own lines show that it can have no more to say about a block. */
function isSettled(situation: Situation, block: Block): boolean {
  const { config, observations } = situation;
  return config.receivers.every((receiver) =>
    observations.isPast(receiver, block.number, isComplete(situation, receiver, block)),
  );
}

/**
 * Whether a block says nothing of the network: a stream was not sent, which is not lost; the
 * sender had no processor; a receiver started in it, its
 * lines of it are missing, or its own socket dropped what had arrived.
 */
function isUnknown(situation: Situation, block: Block): boolean {
  const { config, observations } = situation;
  if (isStarved(block.offers, config)) return true;
  return config.receivers.some(
    (receiver) =>
      observations.hole(receiver, block.number) !== undefined ||
      judgedStreams(receiver).some(({ stream }) => sentOf(situation, receiver, block, stream) === 0),
  );
}

/** A switch that snoops may learn of one membership up to 10 s after the other (RFC 9776, query response interval). */
function reachesEveryone(situation: Situation, block: Block): boolean {
  const { config, observations } = situation;
  return config.receivers.every((receiver) =>
    judgedStreams(receiver).every(
      ({ stream, isHeard }) =>
        sentOf(situation, receiver, block, stream) > 0 &&
        (!isHeard || observations.heard(receiver.pod, stream, block.number) !== undefined),
    ),
  );
}

/** Whether all came that must, and nothing that must not. */
function isPerfect(situation: Situation, block: Block): boolean {
  const { config, observations } = situation;
  return config.receivers.every(
    (receiver) =>
      isComplete(situation, receiver, block) &&
      judgedStreams(receiver).every(
        ({ stream, isHeard }) =>
          sentOf(situation, receiver, block, stream) > 0 &&
          (isHeard || observations.heard(receiver.pod, stream, block.number) === undefined),
      ),
  );
}

function isComplete(situation: Situation, receiver: CheckedReceiver, block: Block): boolean {
  return judgedStreams(receiver).every(
    ({ stream, isHeard }) =>
      !isHeard ||
      (situation.observations.heard(receiver.pod, stream, block.number)?.received ?? 0) >=
        sentOf(situation, receiver, block, stream),
  );
}

/** Datagrams of a block that were meant for a receiver, also those that the sender's kernel refused. */
function sentOf(situation: Situation, receiver: CheckedReceiver, block: Block, stream: StreamName): number {
  if (stream === "unicast") return block.unicast.get(addressOf(situation, receiver) ?? "") ?? 0;
  return block.sent[stream];
}
