import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { familyOf, withoutPrefix } from "./address";
import type { GroupStream, SendConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { addressesOf, takeEvidence } from "./evidence";
import { withSink } from "./outlet";
import type { LineSink } from "./lines";
import { PacketCodec } from "./packet";
import { bindUdp } from "./port-in-use";
import { openRoster, type Roster } from "./roster";
import { SentBlocks, type Target } from "./sent-blocks";

/** Further behind than this, the sender skips blocks instead of catching up in a burst that a receiver's buffer may drop. */
const MAX_LAG_MS = 1000;
const STREAMS: readonly GroupStream[] = ["test", "control"];

/** Seconds of datagrams that may wait for the kernel; what is more is not even handed over. */
const MAX_WAITING_SECONDS = 2;

/** Sends the streams until the process ends; prints a line when a block is over. */
export function send(config: SendConfig, key: DeploymentKey): Promise<never> {
  return withSink(config.outlet, key, (print) => sendTo(config, key, print));
}

async function sendTo(config: SendConfig, key: DeploymentKey, print: LineSink): Promise<never> {
  const socket = createSocket({ type: `udp${familyOf(config.destinations.test.group)}`, reuseAddr: true });
  await bindUdp(socket, 0, familyOf(config.destinations.test.group));
  socket.setMulticastTTL(config.ttl);
  const run = randomBytes(8).toString("hex");
  const sender = new Sender(config, run, key, socket, print, await openRoster(config, key, run));
  return sender.run();
}

class Sender {
  private readonly codec: PacketCodec;
  private readonly sent = new SentBlocks();
  private readonly startedAt = performance.now();
  /** Where the present block goes. */
  private targets: readonly Target[] = [];
  /** Sequence number of the next datagram of all streams. */
  private next = 0;
  private lines = 0;

  public constructor(
    private readonly config: SendConfig,
    private readonly incarnation: string,
    key: DeploymentKey,
    private readonly socket: Socket,
    private readonly print: LineSink,
    private readonly roster: Roster,
  ) {
    this.codec = new PacketCodec(key);
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
      this.targets = this.targetsNow();
    }
    this.next += 1;
    for (const target of this.targets) this.sendOne(target, block, index);
  }

  private targetsNow(): Target[] {
    const { destinations } = this.config;
    const groups = STREAMS.map((stream) => {
      const { group, port } = destinations[stream];
      return { stream, address: group, port };
    });
    const { port } = destinations.test;
    return [...groups, ...this.roster().map((address) => ({ stream: "unicast" as const, address, port }))];
  }

  private sendOne(target: Target, block: number, index: number): void {
    const isFull = this.sent.pending > MAX_WAITING_SECONDS * this.config.ratePerSecond * this.targets.length;
    const answer = this.sent.offer(block, target);
    if (isFull) {
      answer("EAGAIN");
      return;
    }
    this.socket.send(
      this.codec.encode({ stream: target.stream, incarnation: this.incarnation, block, index }),
      target.port,
      target.address,
      (error: (Error & { code?: string }) | null) => answer(error?.code ?? error?.message),
    );
  }

  private closeBlocksBefore(current: number): void {
    const { interface: name, destinations, bindToInterface } = this.config;
    this.print({
      role: "sender",
      at: Date.now(),
      incarnation: this.incarnation,
      sequence: this.lines++,
      blocks: this.sent.takeBefore(current, this.targets),
      evidence: takeEvidence(name, destinations.test.group, bindToInterface),
    });
  }

  /** With IPv6 Node.js takes the interface by name (https://nodejs.org/api/dgram.html#socketsetmulticastinterfacemulticastinterface). */
  private leaveByInterface(): void {
    const { interface: name, destinations } = this.config;
    const family = familyOf(destinations.test.group);
    const address = addressesOf(name, family)[0];
    if (address !== undefined) this.socket.setMulticastInterface(family === 6 ? `::%${name}` : withoutPrefix(address));
  }
}
