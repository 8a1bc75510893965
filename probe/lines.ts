import type { GroupStream, StreamName } from "./config";
import type { Evidence } from "./evidence";

/** What the sender did in one block of one stream. */
export interface SentBlock {
  readonly stream: StreamName;
  /** Address that the stream `unicast` went to. */
  readonly to?: string;
  readonly block: number;
  /** Datagrams that the kernel took. */
  readonly sent: number;
  /** How often each error code came instead, such as `ENETUNREACH`. */
  readonly errors: Readonly<Record<string, number>>;
}

/** A line of the sender's log. */
export interface SenderLine {
  readonly role: "sender";
  /** Unix time in milliseconds, by the sender's clock. */
  readonly at: number;
  readonly incarnation: string;
  /** Position among the lines of this run, from 0. */
  readonly sequence: number;
  readonly blocks: readonly SentBlock[];
  readonly evidence: Evidence;
}

/** What a receiver has counted so far of one block of one stream. */
export interface HeardBlock {
  /** The sender's run. */
  readonly sender: string;
  readonly stream: StreamName;
  readonly block: number;
  readonly received: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  /** Interfaces by which some of them may have come since another program of the machine has joined the group there. */
  readonly alsoBy?: readonly string[];
}

/** A line of a receiver's log. */
export interface ReceiverLine {
  readonly role: "receiver";
  readonly at: number;
  readonly incarnation: string;
  /** Position among the lines of this run, from 0. */
  readonly sequence: number;
  /** Milliseconds of this run, by the monotonic clock: all that had arrived by then is counted in this line or an earlier one. */
  readonly elapsedMs: number;
  /** Datagrams that its own sockets dropped since the start, their buffers being full; nothing where the kernel does not say. */
  readonly socketDrops?: number;
  /** Groups joined by this run. */
  readonly joined: readonly string[];
  /** Why a group could not be joined; tried again each second. */
  readonly joinError?: string;
  /** Blocks that changed since the last line, with their counts from the beginning. */
  readonly blocks: readonly HeardBlock[];
  /** Datagrams on the port that are not of this check, since the start. */
  readonly foreign: number;
  /** Milliseconds from the join to the first datagram of each stream. */
  readonly firstHeardAfterMs: Readonly<Partial<Record<GroupStream, number>>>;
  readonly evidence: Evidence;
}

/** The last line of a probe outside the cluster that cannot run. */
export interface FaultLine {
  readonly role: "fault";
  readonly at: number;
  /** Why, in one sentence. */
  readonly text: string;
}

/** A line of a probe's log. */
export type ProbeLine = SenderLine | ReceiverLine | FaultLine;

/** Takes the lines of a probe. */
export type LineSink = (line: ProbeLine) => void;

/** Prints a line of this probe's log. */
export const printLine: LineSink = (line) => {
  process.stdout.write(JSON.stringify(line) + "\n");
};
