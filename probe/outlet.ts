import { createServer, type Socket } from "node:net";
import type { Outlet } from "./config";
import { printLine, type LineSink } from "./lines";
import { listenTcp } from "./port-in-use";

/** Lines of so many seconds are kept for whoever comes later, as a pod's log keeps them. */
const KEPT_LINES = 30;

/** So long a probe outside the cluster hands out why it ends; its unit starts it again, and not too often. */
const LAST_WORDS_MS = 5000;

/** Runs a probe on where its lines go. What ends it is the last line outside the cluster, where its log is not read. */
export async function withSink(outlet: Outlet | undefined, run: (print: LineSink) => Promise<never>): Promise<never> {
  const print = await openSink(outlet);
  try {
    return await run(print);
  } catch (error) {
    if (outlet === undefined) throw error;
    print({ role: "fault", at: Date.now(), text: error instanceof Error ? error.message : String(error) });
    await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
    throw error;
  }
}

/** Where a probe's lines go: to its log in a pod; outside the cluster to whoever connects, old ones first. */
export async function openSink(outlet: Outlet | undefined): Promise<LineSink> {
  if (outlet === undefined) return printLine;
  const kept: string[] = [];
  const readers = new Set<Socket>();
  const server = createServer((reader) => {
    readers.add(reader);
    reader.on("close", () => readers.delete(reader));
    // A reader that is gone is told by "close" as well.
    reader.on("error", () => reader.destroy());
    kept.forEach((text) => reader.write(text));
  });
  await listenTcp(server, outlet.port, outlet.address);
  // A probe lives as long as its own work.
  server.unref();
  return (line) => {
    const text = JSON.stringify(line) + "\n";
    kept.push(text);
    if (kept.length > KEPT_LINES) kept.shift();
    readers.forEach((reader) => reader.write(text));
  };
}
