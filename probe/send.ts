import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import type { SendConfig, StreamName } from "./config";
import { addressesOf, takeEvidence } from "./evidence";
import { printLine, type SentBlock } from "./lines";
import { PacketCodec } from "./packet";

/** Further behind than this, the sender skips blocks instead of catching up in a burst that a receiver's buffer may drop. */
const MAX_LAG_MS = 1000;
const STREAMS: readonly StreamName[] = ["test", "control"];

interface OpenBlock {
  readonly counts: Record<StreamName, { sent: number; errors: Record<string, number> }>;
  /** Datagrams that were handed to the kernel and not answered for yet. */
  pending: number;
}

/** Sends both streams until the process ends; prints a line when a block is over. */
export async function send(config: SendConfig): Promise<never> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind(0, resolve));
  socket.setMulticastTTL(config.ttl);
  const sender = new Sender(config, socket);
  return sender.run();
}

class Sender {
  private readonly incarnation = randomBytes(8).toString("hex");
  private readonly codec: PacketCodec;
  private readonly open = new Map<number, OpenBlock>();
  private readonly startedAt = performance.now();
  /** Sequence number of the next datagram of both streams. */
  private next = 0;

  public constructor(
    private readonly config: SendConfig,
    private readonly socket: Socket,
  ) {
    this.codec = new PacketCodec(config.check);
  }

  public async run(): Promise<never> {
    for (;;) {
      const late = performance.now() - this.dueAt(this.next);
      if (late < 0) await new Promise((resolve) => setTimeout(resolve, -late));
      else if (late > MAX_LAG_MS) this.skipToNow();
      else this.sendNext();
    }
  }

  private dueAt(sequence: number): number {
    return this.startedAt + (sequence * 1000) / this.config.ratePerSecond;
  }

  private skipToNow(): void {
    const seconds = Math.floor((performance.now() - this.startedAt) / 1000) + 1;
    this.closeBlocksBefore(seconds);
    this.next = seconds * this.config.ratePerSecond;
  }

  private sendNext(): void {
    const block = Math.floor(this.next / this.config.ratePerSecond);
    const index = this.next % this.config.ratePerSecond;
    if (index === 0) {
      if (this.config.bindToInterface) this.leaveByInterface();
      this.closeBlocksBefore(block);
    }
    this.next += 1;
    for (const stream of STREAMS) this.sendOne(stream, block, index);
  }

  private sendOne(stream: StreamName, block: number, index: number): void {
    const open = this.blockOf(block);
    const { group, port } = this.config.destinations[stream];
    open.pending += 1;
    this.socket.send(
      this.codec.encode({ stream, incarnation: this.incarnation, block, index }),
      port,
      group,
      (error: (Error & { code?: string }) | null) => {
        const counts = open.counts[stream];
        const code = error?.code ?? error?.message;
        if (code === undefined) counts.sent += 1;
        else counts.errors[code] = (counts.errors[code] ?? 0) + 1;
        open.pending -= 1;
      },
    );
  }

  private blockOf(block: number): OpenBlock {
    const open: OpenBlock = this.open.get(block) ?? {
      counts: { test: { sent: 0, errors: {} }, control: { sent: 0, errors: {} } },
      pending: 0,
    };
    this.open.set(block, open);
    return open;
  }

  /** Reports the blocks that are over; one whose datagrams the kernel still holds waits for the next line. */
  private closeBlocksBefore(current: number): void {
    const blocks: SentBlock[] = [];
    for (const [block, { counts, pending }] of this.open) {
      if (block >= current || pending > 0) continue;
      this.open.delete(block);
      blocks.push(...STREAMS.map((stream) => ({ stream, block, ...counts[stream] })));
    }
    printLine({
      role: "sender",
      at: Date.now(),
      incarnation: this.incarnation,
      blocks,
      evidence: takeEvidence(this.config.interface, this.config.destinations.test.group),
    });
  }

  private leaveByInterface(): void {
    const address = addressesOf(this.config.interface)[0]?.split("/")[0];
    if (address !== undefined) this.socket.setMulticastInterface(address);
  }
}
