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
}

/** Counts the datagrams of each block. */
export class Tally {
  private readonly blocks = new Map<string, Counts & Pick<HeardBlock, "sender" | "stream" | "block">>();

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
    };
    this.blocks.set(key, counts);
    counts.changed = true;
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
      const { sender, stream, block, heard, duplicates, outOfOrder } = counts;
      return { sender, stream, block, received: heard.size, duplicates, outOfOrder };
    });
  }

  /** A Map keeps the order of insertion, so the first keys are the oldest blocks. */
  private forgetOldBlocks(): void {
    const surplus = this.blocks.size - 2 * KEPT_BLOCKS;
    for (const key of [...this.blocks.keys()].slice(0, Math.max(0, surplus))) this.blocks.delete(key);
  }
}
