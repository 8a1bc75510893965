import type { StreamName } from "./config";
import type { HeardBlock, ReceiverLine } from "./lines";
import { Runs } from "./runs";

/** A sender may be so far behind its schedule (send.ts), and a datagram so long on its way. */
const LATE_MS = 2000;

/** Why a receiver's counts of a block are not the whole of what came. */
export type Hole = "started" | "lines" | "dropped";

/** What a receiver's lines told of one run of the sender. */
interface FromSender {
  /** Latest counts, by stream and block. */
  readonly heard: Map<string, HeardBlock>;
  /** Why blocks before `completeFrom` may be incomplete. */
  incompleteFor: Hole;
  /** The first block that was counted from its beginning. */
  completeFrom: number;
  /** Highest block that anything came of. */
  highest: number;
  /** Smallest "milliseconds of the receiver's run less those of the sender's schedule": no block began later. */
  offsetMs: number;
  readonly dropped: [from: number, to: number][];
  /** Datagrams have been dropped since this block, and no line has shown yet that it is over. */
  droppingSince?: number;
}

/** What a receiver's lines told. */
export class ReceiverRecord {
  public line?: ReceiverLine;
  /** Datagrams that its sockets dropped while they were watched. */
  public dropped = 0;
  private readonly runs = new Runs();
  private readonly senders = new Map<string, FromSender>();
  /** Why what came before the next line is not known. */
  private unknown: Hole = "started";

  /** Takes a line; one that was read before changes nothing. @returns whether it was new. */
  public add(line: ReceiverLine): boolean {
    const reading = this.runs.read(line);
    if (reading === "old") return false;
    if (reading === "new-run") this.senders.clear();
    if (reading !== "next") this.forget(reading === "gap" ? "lines" : "started");
    const drops = reading === "new-run" ? 0 : Math.max(0, dropsOf(line) - dropsOf(this.line));
    this.dropped += drops;
    this.line = line;
    for (const sender of new Set(line.blocks.map((block) => block.sender))) this.fromSender(sender);
    for (const [sender, record] of this.senders) {
      const own = line.blocks.filter((block) => block.sender === sender);
      if (own.length > 0) addBlocks(record, own, line.elapsedMs);
      noteDrops(record, drops > 0, own);
    }
    return true;
  }

  /** Counts of one block. */
  public heard(sender: string, stream: StreamName, block: number): HeardBlock | undefined {
    return this.senders.get(sender)?.heard.get(`${stream} ${block}`);
  }

  /**
   * Whether its own lines show that nothing more can come of a block: it has counted a later one, with nothing missing or with
   * one more between them; or it has printed a line so long after the block by its own monotonic clock, which runs as
   * fast as the sender's.
   */
  public isPast(sender: string, block: number, isComplete: boolean): boolean {
    const record = this.senders.get(sender);
    if (!record) return false;
    if (record.highest > (isComplete ? block : block + 1)) return true;
    return (this.line?.elapsedMs ?? -Infinity) >= record.offsetMs + (block + 1) * 1000 + LATE_MS;
  }

  /** Highest block that it has spoken of; nothing where it has heard none. */
  public highest(sender: string): number | undefined {
    return this.senders.get(sender)?.highest;
  }

  /** Why its counts of a block may not be all that came; nothing where they are. */
  public hole(sender: string, block: number): Hole | undefined {
    const record = this.senders.get(sender);
    if (!record) return this.unknown;
    if (block < record.completeFrom) return record.incompleteFor;
    return record.dropped.some(([from, to]) => block >= from && block <= to) ||
      block >= (record.droppingSince ?? Infinity)
      ? "dropped"
      : undefined;
  }

  private forget(why: Hole): void {
    this.unknown = why;
    for (const record of this.senders.values()) {
      record.completeFrom = Infinity;
      record.incompleteFor = why;
    }
  }

  private fromSender(sender: string): FromSender {
    const known = this.senders.get(sender);
    if (known) return known;
    const record: FromSender = {
      heard: new Map(),
      incompleteFor: this.unknown,
      completeFrom: Infinity,
      highest: -1,
      offsetMs: Infinity,
      dropped: [],
    };
    this.senders.set(sender, record);
    return record;
  }
}

function dropsOf(line: ReceiverLine | undefined): number {
  return line?.socketDrops ?? 0;
}

function addBlocks(record: FromSender, blocks: readonly HeardBlock[], elapsedMs: number): void {
  const numbers = blocks.map(({ block }) => block);
  // The lowest block of the first line may have begun before it, and its other streams may have ended there.
  if (record.completeFrom === Infinity) record.completeFrom = Math.min(...numbers) + 1;
  record.highest = Math.max(record.highest, ...numbers);
  record.offsetMs = Math.min(record.offsetMs, elapsedMs - record.highest * 1000);
  for (const block of blocks) record.heard.set(`${block.stream} ${block.block}`, block);
}

/** The datagrams that were dropped came after those that waited, so their blocks go on to the first that comes afterwards. */
function noteDrops(record: FromSender, isDropping: boolean, blocks: readonly HeardBlock[]): void {
  const numbers = blocks.map(({ block }) => block);
  if (isDropping) record.droppingSince ??= Math.min(record.highest, ...numbers);
  else if (record.droppingSince !== undefined && numbers.length > 0) {
    record.dropped.push([record.droppingSince, Math.min(...numbers)]);
    record.droppingSince = undefined;
  }
}
