import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import type { Destination, GroupStream, ReceiveConfig } from "./config";
import { familyOf, withoutPrefix, type Family } from "./address";
import type { DeploymentKey } from "./deployment-key";
import { drained } from "./drain";
import { addressesOf, takeEvidence } from "./evidence";
import { withSink } from "./outlet";
import type { LineSink } from "./lines";
import { OtherMemberships } from "./memberships";
import { PacketCodec } from "./packet";
import { bindUdp } from "./port-in-use";
import { socketDrops } from "./socket-drops";
import { Tally } from "./tally";

/** Room for bursts; the kernel grants at most net.core.rmem_max. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** How often it is looked for other programs that have joined the groups. */
const LOOK_AROUND_MS = 200;

/** Counts both streams until the process ends; prints a line each second. */
export function receive(config: ReceiveConfig, key: DeploymentKey): Promise<never> {
  return withSink(config.outlet, key, (print) => receiveTo(config, key, print));
}

async function receiveTo(config: ReceiveConfig, key: DeploymentKey, print: LineSink): Promise<never> {
  const ports = new Set([config.destinations.test.port, config.destinations.control.port]);
  const receiver = new Receiver(config, key, print);
  for (const port of ports) await receiver.listen(port);
  setInterval(() => receiver.lookAround(), LOOK_AROUND_MS);
  for (;;) {
    receiver.tick(await drained(() => receiver.handled));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

class Receiver {
  /** Datagrams that came so far. */
  public handled = 0;
  private lines = 0;
  private readonly incarnation = randomBytes(8).toString("hex");
  private readonly codec: PacketCodec;
  private readonly tally = new Tally();
  private readonly sockets = new Map<number, Socket>();
  private readonly joinedAt = new Map<string, number>();
  private readonly firstHeardAfterMs: Partial<Record<GroupStream, number>> = {};
  private readonly others: OtherMemberships;
  private foreign = 0;
  private readonly family: Family;

  public constructor(
    private readonly config: ReceiveConfig,
    key: DeploymentKey,
    private readonly print: LineSink,
  ) {
    this.codec = new PacketCodec(key);
    this.family = familyOf(config.destinations.test.group);
    const portOf = new Map(Object.values(config.destinations).map(({ group, port }) => [group, port]));
    this.others = new OtherMemberships(config.interface, (group) => this.sockets.get(portOf.get(group) ?? 0));
  }

  public async listen(port: number): Promise<void> {
    const socket = createSocket({ type: `udp${this.family}`, reuseAddr: true, ipv6Only: this.family === 6 });
    socket.on("message", (datagram) => this.hear(datagram));
    await bindUdp(socket, port, this.family);
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    this.sockets.set(port, socket);
  }

  /** Joins what is not joined yet, and prints; all that had arrived by `drainedAt` has been counted. */
  public tick(drainedAt: number): void {
    const joinError = this.join();
    this.lookAround();
    this.print({
      role: "receiver",
      at: Date.now(),
      incarnation: this.incarnation,
      sequence: this.lines++,
      elapsedMs: Math.floor(drainedAt),
      socketDrops: socketDrops(this.family),
      joined: [...this.joinedAt.keys()],
      joinError,
      blocks: this.tally.takeChanges(),
      foreign: this.foreign,
      firstHeardAfterMs: this.firstHeardAfterMs,
      evidence: takeEvidence(this.config.interface, this.config.destinations.test.group),
    });
  }

  /** Keeps out what comes in by other interfaces, or notes that it may have come in there. */
  public lookAround(): void {
    const alsoBy = ({ group }: Destination): string[] => this.others.look(group, this.joinedAt.has(group));
    const { test, control } = this.config.destinations;
    this.tally.note({ test: alsoBy(test), control: alsoBy(control) });
  }

  /** The kernel offers an unprivileged process no event that Node.js could wait on when an interface comes up. */
  private join(): string | undefined {
    const { test, control } = this.config.destinations;
    const wanted = [...this.config.joins.map((group) => ({ group, port: test.port })), control];
    const missing = wanted.filter(({ group }) => !this.joinedAt.has(group));
    if (missing.length === 0) return undefined;
    const address = addressesOf(this.config.interface, this.family)[0];
    if (address === undefined) return `${this.config.interface} has no IPv${this.family} address or is down`;
    // With IPv6 Node.js takes the interface by name (https://nodejs.org/api/dgram.html#socketaddmembershipmulticastaddress-multicastinterface).
    const link = this.family === 6 ? `::%${this.config.interface}` : withoutPrefix(address);
    try {
      for (const { group, port } of missing) {
        this.sockets.get(port)?.addMembership(group, link);
        this.joinedAt.set(group, performance.now());
      }
      return undefined;
    } catch (error) {
      return String(error);
    }
  }

  private hear(datagram: Buffer): void {
    this.handled += 1;
    const packet = this.codec.decode(datagram);
    if (!packet) {
      this.foreign += 1;
      return;
    }
    this.tally.add(packet);
    const { stream } = packet;
    if (stream === "unicast") return;
    const joinedAt = this.joinedAt.get(this.config.destinations[stream].group);
    if (joinedAt !== undefined) this.firstHeardAfterMs[stream] ??= Math.round(performance.now() - joinedAt);
  }
}
