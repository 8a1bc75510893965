import type { CheckedReceiver, GroupStream, StreamName, VerdictConfig } from "./config";
import type { HeardBlock, ReceiverLine, SenderLine } from "./lines";
import { isStarved, offered, offersOf, type Offers } from "./sender-loss";

/** Of a window, at least so many blocks must have been sent while the verdict was watching. */
const FRESH_BLOCKS = 3;
/** Sender's lines that come this long after the first are news, not history. */
const HISTORY_MS = 500;
/** A block that no receiver has moved past by then is over all the same. */
const SETTLE_MS = 3000;

/** What is known of one block of the sender. */
export interface Block {
  readonly number: number;
  /** When its line was read, by the verdict's own clock: the pods' clocks are not compared. */
  readonly readAt: number;
  /** What was offered to the kernel, whether it took it or not. */
  readonly sent: Readonly<Record<GroupStream, number>>;
  /** What the kernel made of it. */
  readonly offers: Offers;
  /** Datagrams to each address. */
  readonly unicast: ReadonlyMap<string, number>;
  /** Errors of the test stream, by code. */
  readonly errors: Readonly<Record<string, number>>;
}

interface ReceiverRecord {
  line?: ReceiverLine;
  /** Latest counts, by sender's run, stream and block. */
  readonly heard: Map<string, HeardBlock>;
  readonly checked: CheckedReceiver;
  /** Highest block of the stream that proves that it hears, by sender's run. */
  readonly highestProof: Map<string, number>;
}

/** All that the verdict has read so far. */
export class Observations {
  private sender?: SenderLine;
  private firstSenderLineAt?: number;
  private blocks: Block[] = [];
  private readonly receivers = new Map<string, ReceiverRecord>();
  private readonly lastReadAt = new Map<string, number>();

  public constructor(private readonly config: VerdictConfig) {
    for (const checked of config.receivers)
      this.receivers.set(checked.pod, { checked, heard: new Map(), highestProof: new Map() });
  }

  /** The sender's last line. */
  public get senderLine(): SenderLine | undefined {
    return this.sender;
  }

  /** A receiver's last line. */
  public receiverLine(pod: string): ReceiverLine | undefined {
    return this.receivers.get(pod)?.line;
  }

  /** When a pod's last line was read; nothing for a pod that has printed none. */
  public readAt(pod: string): number | undefined {
    return this.lastReadAt.get(pod);
  }

  /** Takes a line that was read at `now`. */
  public add(pod: string, line: SenderLine | ReceiverLine, now: number): void {
    this.lastReadAt.set(pod, now);
    if (line.role === "sender") this.addSenderLine(line, now);
    else this.addReceiverLine(pod, line);
  }

  /** Counts of a receiver in one block of the sender's present run. */
  public heard(pod: string, stream: StreamName, block: number): HeardBlock | undefined {
    return this.receivers.get(pod)?.heard.get(`${this.sender?.incarnation} ${stream} ${block}`);
  }

  /**
   * The blocks to judge, once they are complete: `windowSeconds` in a row since every receiver hears what it must. They may
   * lie in the past, since the pods count all the time; some must be new, so that what broke just now is seen.
   * From its first new block on, nothing that is lost moves the window.
   */
  public window(now: number): readonly Block[] | undefined {
    const settled = this.settledBlocks(now);
    const steady = settled.slice(this.firstSteady(settled));
    const fresh = Math.min(FRESH_BLOCKS, this.config.windowSeconds);
    const newsFrom = (this.firstSenderLineAt ?? now) + HISTORY_MS;
    for (let end = this.config.windowSeconds; end <= steady.length; end += 1) {
      const window = steady.slice(end - this.config.windowSeconds, end);
      if (window.filter(({ readAt }) => readAt >= newsFrom).length >= fresh) return window;
    }
    return undefined;
  }

  /** The last blocks that are over: what is judged when there is no window. */
  public latest(now: number): readonly Block[] {
    return this.settledBlocks(now).slice(-this.config.windowSeconds);
  }

  /** Blocks of the sender's present run that a receiver can have no more to say about. */
  private settledBlocks(now: number): Block[] {
    return this.blocks.filter(
      ({ number, readAt }) =>
        now - readAt >= SETTLE_MS ||
        [...this.receivers.values()].every(
          ({ highestProof }) => (highestProof.get(this.sender?.incarnation ?? "") ?? -1) > number,
        ),
    );
  }

  /**
   * Index of the first block that counts. Until everyone hears what it must, the start moves on; the first block in which
   * they do may have been cut in half by a join, so the one after it counts.
   */
  private firstSteady(settled: readonly Block[]): number {
    const newsFrom = (this.firstSenderLineAt ?? 0) + HISTORY_MS;
    let first = 1;
    let hasBegun = false;
    for (const [index, block] of settled.entries()) {
      const isPastFault = block.readAt < newsFrom && Object.keys(block.errors).length > 0;
      if (isPastFault || isStarved(block.offers, this.config)) [first, hasBegun] = [index + 1, false];
      else if (hasBegun) continue;
      else if (!this.reachesEveryone(block)) first = index + 2;
      else hasBegun = index >= first && block.readAt >= newsFrom;
    }
    return first;
  }

  /**
   * Whether what proves that they hear came to all receivers, and the rest to those that must hear it: a switch that
   * snoops may learn of one membership up to 10 s after the other (RFC 9776, query response interval).
   */
  private reachesEveryone({ number, sent }: Block): boolean {
    return (
      sent.control > 0 &&
      this.config.receivers.every(
        ({ pod, proof, expect, unicast }) =>
          this.heard(pod, proof ?? "control", number) &&
          (expect === "silent" || this.heard(pod, "test", number)) &&
          (unicast !== "heard" || this.heard(pod, "unicast", number)),
      )
    );
  }

  private addSenderLine(line: SenderLine, now: number): void {
    if (line.incarnation !== this.sender?.incarnation) {
      this.blocks = [];
      this.firstSenderLineAt ??= now;
    }
    this.sender = line;
    const known = new Set(this.blocks.map(({ number }) => number));
    for (const { block, errors } of line.blocks.filter(({ stream }) => stream === "test")) {
      const offers = offersOf(line, block);
      const offeredTo = (key: string): number => offered(offers.get(key) ?? { sent: 0, errors: {} });
      if (known.has(block)) continue;
      this.blocks.push({
        number: block,
        readAt: now,
        sent: { test: offeredTo("test"), control: offeredTo("control") },
        offers,
        unicast: new Map(
          [...offers].filter(([key]) => key !== "test" && key !== "control").map(([to, offer]) => [to, offered(offer)]),
        ),
        errors,
      });
    }
  }

  private addReceiverLine(pod: string, line: ReceiverLine): void {
    const record = this.receivers.get(pod);
    if (!record) return;
    if (record.line && record.line.incarnation !== line.incarnation) record.heard.clear();
    record.line = line;
    for (const block of line.blocks) {
      const key = `${block.sender} ${block.stream} ${block.block}`;
      // A log that is read again after a lost connection starts with older counts.
      if (block.received >= (record.heard.get(key)?.received ?? 0)) record.heard.set(key, block);
      if (block.stream !== (record.checked.proof ?? "control")) continue;
      record.highestProof.set(block.sender, Math.max(record.highestProof.get(block.sender) ?? -1, block.block));
    }
  }
}
