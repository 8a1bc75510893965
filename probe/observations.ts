import type { CheckedReceiver, StreamName, VerdictConfig } from "./config";
import type { HeardBlock, ReceiverLine, SenderLine } from "./lines";
import { ReceiverRecord, type Hole } from "./receiver-record";
import { SenderRecord, type Block } from "./sender-record";

/** How a line came to the verdict. */
export interface Arrival {
  /** By the verdict's own clock: the pods' clocks are not compared. */
  readonly at: number;
  /** It was not there yet when the verdict began to read. */
  readonly isNews: boolean;
}

/** All that the verdict has read so far. */
export class Observations {
  private readonly sender = new SenderRecord();
  private readonly receivers = new Map<string, ReceiverRecord>();
  private readonly newLines = new Map<string, { readonly count: number; readonly lastAt: number }>();

  public constructor(config: VerdictConfig) {
    for (const { pod } of config.receivers) this.receivers.set(pod, new ReceiverRecord());
  }

  /** The sender's last line. */
  public get senderLine(): SenderLine | undefined {
    return this.sender.line;
  }

  /** Blocks of the sender's present run, in their order. */
  public get blocks(): readonly Block[] {
    return this.sender.blocks;
  }

  /** A receiver's last line. */
  public receiverLine(pod: string): ReceiverLine | undefined {
    return this.receivers.get(pod)?.line;
  }

  /** When a pod's last line was read; nothing for a pod that has printed none. */
  public readAt(pod: string): number | undefined {
    return this.newLines.get(pod)?.lastAt;
  }

  /** How many lines of a pod were read, each once. */
  public lineCount(pod: string): number {
    return this.newLines.get(pod)?.count ?? 0;
  }

  /** Takes a line. One that was read before changes nothing. */
  public add(pod: string, line: SenderLine | ReceiverLine, { at, isNews }: Arrival): void {
    const isNew =
      line.role === "sender" ? this.sender.add(line, at, isNews) : (this.receivers.get(pod)?.add(line) ?? false);
    if (isNew) this.newLines.set(pod, { count: this.lineCount(pod) + 1, lastAt: at });
  }

  /** Counts of a receiver in one block of the sender's present run. */
  public heard(pod: string, stream: StreamName, block: number): HeardBlock | undefined {
    return this.receivers.get(pod)?.heard(this.run, stream, block);
  }

  /** Whether a receiver's own lines show that nothing more can come of a block. */
  public isPast({ pod }: CheckedReceiver, block: number, isComplete: boolean): boolean {
    return this.receivers.get(pod)?.isPast(this.run, block, isComplete) ?? false;
  }

  /** Highest block of the sender's present run that a receiver has spoken of. */
  public highest(pod: string): number | undefined {
    return this.receivers.get(pod)?.highest(this.run);
  }

  /** Why a receiver's counts of a block may not be all that came; nothing where they are. */
  public hole({ pod }: CheckedReceiver, block: number): Hole | undefined {
    return this.receivers.get(pod)?.hole(this.run, block);
  }

  /** Datagrams that a receiver's own sockets dropped while it was watched. */
  public dropped(pod: string): number {
    return this.receivers.get(pod)?.dropped ?? 0;
  }

  private get run(): string {
    return this.sender.line?.incarnation ?? "";
  }
}
