import { createSocket, type Socket } from "node:dgram";
import { createServer } from "node:net";
import type { AnswerConfig } from "./config";
import { bindUdp, listenTcp } from "./port-in-use";

const SEND_EVERY_MS = 250;
/** Whom nothing came from for so long is heard no more. */
const HEARD_FOR_MS = 2000;

/** What an answer holds, as one line of JSON. */
export interface Answer {
  readonly name: string;
  /** Names of those that were heard in the group during the last two seconds, in alphabetical order. */
  readonly hears: readonly string[];
  /** Why the group could not be joined or sent to, the last time that it was tried. */
  readonly trouble?: string;
  /** Node that it runs on, where its environment says so. */
  readonly node?: string;
}

interface Greeting {
  readonly check: string;
  readonly name: string;
}

/**
 * Stands for an application behind a Service: answers each TCP connection with its name and with whom it hears in the
 * group. It joins and sends along the routing table, as applications do that do not choose their interface.
 */
export async function answer(config: AnswerConfig): Promise<never> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  const member = new Member(config, socket);
  socket.on("message", (datagram) => member.hear(datagram));
  await bindUdp(socket, config.destination.port, 4);
  socket.setMulticastTTL(config.ttl);
  const server = createServer((connection) => {
    // Whoever asked may be gone before it has read.
    connection.on("error", () => undefined);
    connection.end(`${JSON.stringify(member.answer())}\n`);
  });
  await listenTcp(server, config.port);
  for (;;) {
    member.tick();
    await new Promise((resolve) => setTimeout(resolve, SEND_EVERY_MS));
  }
}

class Member {
  private readonly greeting: string;
  private readonly heardAt = new Map<string, number>();
  private joined = false;
  private trouble: string | undefined;

  public constructor(
    private readonly config: AnswerConfig,
    private readonly socket: Socket,
  ) {
    const { check, name } = config;
    this.greeting = JSON.stringify({ check, name } satisfies Greeting);
  }

  public hear(datagram: Buffer): void {
    const { check, name } = parseGreeting(datagram.toString("utf8"));
    if (check === this.config.check && name !== undefined && name !== this.config.name)
      this.heardAt.set(name, performance.now());
  }

  public answer(): Answer {
    const since = performance.now() - HEARD_FOR_MS;
    const hears = [...this.heardAt].filter(([, at]) => at >= since).map(([name]) => name);
    return { name: this.config.name, hears: hears.sort(), trouble: this.trouble, node: process.env.NODE_NAME };
  }

  /** Joins where it has not, and sends. */
  public tick(): void {
    const { group, port } = this.config.destination;
    try {
      if (!this.joined) this.socket.addMembership(group);
      this.joined = true;
    } catch (error) {
      this.trouble = String(error);
      return;
    }
    if (!this.config.sends) return;
    this.socket.send(this.greeting, port, group, (error) => {
      this.trouble = error === null ? undefined : String(error);
    });
  }
}

/** Anything may come to the port. */
function parseGreeting(text: string): Partial<Greeting> {
  try {
    const value = JSON.parse(text) as Partial<Greeting> | null;
    return value ?? {};
  } catch {
    return {};
  }
}
