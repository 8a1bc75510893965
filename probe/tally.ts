import type { GroupStream } from "./config";
import type { HeardBlock } from "./lines";
import type { Packet } from "./packet";

/** Blocks kept for late datagrams; an older one is final. */
const KEPT_BLOCKS = 16;

interface Counts {
  readonly heard: Set<number>;
  duplicates: number;
  outOfOrder: number;
  highest: number;
  changed: boolean;
  /** Interfaces by which some may have come that say nothing of this receiver. */
  readonly alsoBy: Set<string>;
}

/** Counts the datagrams of each block. */
export class Tally {
  private readonly blocks = new Map<string, Counts & Pick<HeardBlock, "sender" | "stream" | "block">>();

  /** Blocks that something was counted in since the last look at memberships. */
  private touched = new Set<Counts & Pick<HeardBlock, "stream">>();

  /** Notes by which other interfaces what was counted since the last note may have come, by stream. */
  public note(alsoBy: Readonly<Record<GroupStream, readonly string[]>>): void {
    for (const counts of this.touched)
      if (counts.stream !== "unicast" && alsoBy[counts.stream].length > 0) {
        alsoBy[counts.stream].forEach((name) => counts.alsoBy.add(name));
        counts.changed = true;
      }
    this.touched = new Set();
  }

  public add({ incarnation, stream, block, index }: Packet): void {
    const key = `${incarnation} ${stream} ${block}`;
    const counts = this.blocks.get(key) ?? {
      sender: incarnation,
      stream,
      block,
      heard: new Set<number>(),
      duplicates: 0,
      outOfOrder: 0,
      highest: -1,
      changed: false,
      alsoBy: new Set<string>(),
    };
    this.blocks.set(key, counts);
    counts.changed = true;
    this.touched.add(counts);
    if (counts.heard.has(index)) counts.duplicates += 1;
    else if (index < counts.highest) counts.outOfOrder += 1;
    counts.heard.add(index);
    counts.highest = Math.max(counts.highest, index);
  }

  /** The blocks that changed since the last call. */
  public takeChanges(): HeardBlock[] {
    const changed = [...this.blocks.values()].filter((counts) => counts.changed);
    this.forgetOldBlocks();
    return changed.map((counts) => {
      counts.changed = false;
      const { sender, stream, block, heard, duplicates, outOfOrder, alsoBy } = counts;
      const others = alsoBy.size > 0 && { alsoBy: [...alsoBy] };
      return { sender, stream, block, received: heard.size, duplicates, outOfOrder, ...others };
    });
  }

  /** A Map keeps the order of insertion, so the first keys are the oldest blocks. */
  private forgetOldBlocks(): void {
    const surplus = this.blocks.size - 2 * KEPT_BLOCKS;
    for (const key of [...this.blocks.keys()].slice(0, Math.max(0, surplus))) this.blocks.delete(key);
  }
}
