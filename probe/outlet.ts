import { createServer, type Socket } from "node:net";
import type { Outlet } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { admit } from "./door";
import { printLine, type LineSink } from "./lines";
import { freshNumber, introduced, LineSigner } from "./outlet-words";
import { listenTcp } from "./port-in-use";

/** Lines of so many seconds are kept for whoever comes later, as a pod's log keeps them. */
const KEPT_LINES = 30;

/** A verdict introduces itself within this time. */
const KNOWN_WITHIN_MS = 3000;
/** A reader that leaves so much unread is sent away. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** So long a probe outside the cluster hands out why it ends; its unit starts it again, and not too often. */
const LAST_WORDS_MS = 5000;

/** Runs a probe on where its lines go. What ends it is the last line outside the cluster, where its log is not read. */
export async function withSink(
  outlet: Outlet | undefined,
  key: DeploymentKey,
  run: (print: LineSink) => Promise<never>,
): Promise<never> {
  const print = await openSink(outlet, key);
  try {
    return await run(print);
  } catch (error) {
    if (outlet === undefined) throw error;
    print({ role: "fault", at: Date.now(), text: error instanceof Error ? error.message : String(error) });
    await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
    throw error;
  }
}

/** Comes after the lines that were kept: what follows it is written after the reader came. */
export const END_OF_KEPT = '{"role":"end-of-kept"}';

/** Where a probe's lines go: to its log in a pod; outside the cluster to each verdict of this deployment that connects, old ones first. */
export async function openSink(outlet: Outlet | undefined, key: DeploymentKey): Promise<LineSink> {
  if (outlet === undefined) return printLine;
  const kept: string[] = [];
  const readers = new Map<Socket, LineSigner>();
  const server = createServer();
  const numbers = new WeakMap<Socket, string>();
  const greet = (stranger: Socket): void => {
    const number = freshNumber();
    numbers.set(stranger, number);
    stranger.write(`${number}\n`);
  };
  admit(server, { withinMs: KNOWN_WITHIN_MS, greet }, (stranger, introduction) => {
    const conversation = introduced(key, numbers.get(stranger) ?? "", introduction);
    if (conversation === undefined) return void stranger.destroy();
    const signer = new LineSigner(key, conversation);
    readers.set(stranger, signer);
    stranger.on("close", () => readers.delete(stranger));
    // The empty line shows who speaks, before there is anything to say.
    ["", ...kept, END_OF_KEPT].forEach((text) => stranger.write(signer.sign(text)));
  });
  await listenTcp(server, outlet.port, outlet.address);
  // A probe lives as long as its own work.
  server.unref();
  return (line) => {
    const text = JSON.stringify(line);
    kept.push(text);
    if (kept.length > KEPT_LINES) kept.shift();
    for (const [reader, signer] of readers) {
      if (reader.writableLength > MAX_UNREAD_BYTES) reader.destroy();
      else reader.write(signer.sign(text));
    }
  };
}
