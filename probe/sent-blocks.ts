import type { StreamName } from "./config";
import type { SentBlock } from "./lines";

/** What the kernel has not taken of a block is told as refused when so many later ones are over. */
const PATIENCE_BLOCKS = 2;
/** Blocks that a sender slept through are told one by one, but no more of them. */
const MAX_SKIPPED_BLOCKS = 60;

/** Where one of the streams goes. */
export interface Target {
  readonly stream: StreamName;
  readonly address: string;
  readonly port: number;
}

/** What happened to what was offered to the kernel for one target in one block. */
interface Counts {
  readonly target: Target;
  offered: number;
  sent: number;
  readonly errors: Record<string, number>;
}

/** Counts of each block until it is told, also of those in which nothing was sent. */
export class SentBlocks {
  private readonly open = new Map<number, Map<string, Counts>>();
  private nextBlock = 0;
  /** Datagrams that were handed to the kernel and not answered for yet. */
  public pending = 0;

  /** Notes a datagram. @returns what its answer goes to: an error's code, or nothing. */
  public offer(block: number, target: Target): (code?: string) => void {
    const counts = this.countsOf(block, target);
    counts.offered += 1;
    this.pending += 1;
    return (code) => {
      this.pending -= 1;
      if (code === undefined) counts.sent += 1;
      else counts.errors[code] = (counts.errors[code] ?? 0) + 1;
    };
  }

  /** Takes the blocks before `current` that are over; one whose datagrams the kernel still holds waits for a while. */
  public takeBefore(current: number, targets: readonly Target[]): SentBlock[] {
    this.nextBlock = Math.max(this.nextBlock, current - MAX_SKIPPED_BLOCKS);
    for (; this.nextBlock < current; this.nextBlock += 1)
      for (const target of targets) this.countsOf(this.nextBlock, target);
    const over = [...this.open].filter(
      ([block, counts]) =>
        block < current &&
        (block < current - PATIENCE_BLOCKS || [...counts.values()].every((each) => waiting(each) === 0)),
    );
    for (const [block] of over) this.open.delete(block);
    return over
      .sort(([one], [other]) => one - other)
      .flatMap(([block, counts]) => [...counts.values()].map((each) => told(block, each)));
  }

  private countsOf(block: number, target: Target): Counts {
    const counts = this.open.get(block) ?? new Map<string, Counts>();
    this.open.set(block, counts);
    const key = `${target.stream} ${target.address}`;
    const known = counts.get(key) ?? { target, offered: 0, sent: 0, errors: {} };
    counts.set(key, known);
    return known;
  }
}

function waiting({ offered, sent, errors }: Counts): number {
  return offered - sent - Object.values(errors).reduce((sum, times) => sum + times, 0);
}

function told(block: number, counts: Counts): SentBlock {
  const { target, sent, errors } = counts;
  const late = waiting(counts);
  return {
    stream: target.stream,
    ...(target.stream === "unicast" && { to: target.address }),
    block,
    sent,
    errors: late === 0 ? errors : { ...errors, EAGAIN: (errors.EAGAIN ?? 0) + late },
  };
}
