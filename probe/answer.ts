import { createSocket, type Socket } from "node:dgram";
import { createServer } from "node:net";
import { signAnswer, type Answer } from "./answer-text";
import type { AnswerConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { admit } from "./door";
import { Greeter, Guestbook } from "./greeting";
import { bindUdp, listenTcp } from "./port-in-use";

const SEND_EVERY_MS = 250;
/** A member from which nothing came for so long is heard no more. */
const HEARD_FOR_MS = 2000;
/** A question must be whole by then. */
const QUESTION_WITHIN_MS = 2000;

/**
 * Stands for an application behind a Service: answers each question by TCP with its name and with the members that it hears in the
 * group. It joins and sends along the routing table, as applications do that do not choose their interface.
 */
export async function answer(config: AnswerConfig, key: DeploymentKey): Promise<never> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  const member = new Member(config, key, socket);
  socket.on("message", (datagram) => member.hear(datagram));
  await bindUdp(socket, config.destination.port, 4);
  socket.setMulticastTTL(config.ttl);
  const server = createServer();
  admit(server, { withinMs: QUESTION_WITHIN_MS }, (connection, question) =>
    connection.end(signAnswer(key, question, member.answer())),
  );
  await listenTcp(server, config.port);
  for (;;) {
    member.tick();
    await new Promise((resolve) => setTimeout(resolve, SEND_EVERY_MS));
  }
}

class Member {
  private readonly greeter: Greeter;
  private readonly guests: Guestbook;
  private readonly heardAt = new Map<string, number>();
  private joined = false;
  private trouble: string | undefined;

  public constructor(
    private readonly config: AnswerConfig,
    key: DeploymentKey,
    private readonly socket: Socket,
  ) {
    this.greeter = new Greeter(key, config.name);
    this.guests = new Guestbook(key);
  }

  public hear(datagram: Buffer): void {
    const name = this.guests.read(datagram);
    if (name !== undefined && name !== this.config.name) this.heardAt.set(name, performance.now());
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
    this.socket.send(this.greeter.next(), port, group, (error) => {
      this.trouble = error === null ? undefined : String(error);
    });
  }
}
