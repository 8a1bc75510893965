import type { GroupStream } from "./config";
import type { SenderLine } from "./lines";
import { Runs } from "./runs";
import { offered, offersOf, type Offers } from "./sender-loss";

/** What is known of one block of the sender. */
export interface Block {
  readonly number: number;
  /** When its line was read, by the verdict's own clock. It decides nothing of a window. */
  readonly readAt: number;
  /** It was written after the verdict began to read. */
  readonly isNews: boolean;
  /** What was offered to the kernel, whether it took it or not. */
  readonly sent: Readonly<Record<GroupStream, number>>;
  /** What the kernel made of it. */
  readonly offers: Offers;
  /** Datagrams to each address. */
  readonly unicast: ReadonlyMap<string, number>;
  /** Errors of the test stream, by code. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What a sender's lines told. */
export class SenderRecord {
  public line?: SenderLine;
  /** Of the present run, in their order. */
  public blocks: readonly Block[] = [];
  private readonly runs = new Runs();

  /** Takes a line that was read at `now`; one that was read before changes nothing. @returns whether it was new. */
  public add(line: SenderLine, now: number, isNews: boolean): boolean {
    const reading = this.runs.read(line);
    if (reading === "old") return false;
    if (reading === "new-run") this.blocks = [];
    this.line = line;
    const known = new Set(this.blocks.map(({ number }) => number));
    const added = line.blocks
      .filter(({ stream, block }) => stream === "test" && !known.has(block))
      .map(({ block, errors }) => ({ ...blockOf(line, block), number: block, readAt: now, isNews, errors }));
    this.blocks = [...this.blocks, ...added].sort((one, other) => one.number - other.number);
    return true;
  }
}

function blockOf(line: SenderLine, number: number): Pick<Block, "sent" | "offers" | "unicast"> {
  const offers = offersOf(line, number);
  const offeredTo = (key: string): number => offered(offers.get(key) ?? { sent: 0, errors: {} });
  const addresses = [...offers].filter(([key]) => key !== "test" && key !== "control");
  return {
    sent: { test: offeredTo("test"), control: offeredTo("control") },
    offers,
    unicast: new Map(addresses.map(([to, offer]) => [to, offered(offer)])),
  };
}
