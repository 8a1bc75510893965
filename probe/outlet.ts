import { createServer, type Socket } from "node:net";
import type { Outlet } from "./config";
import { printLine, type LineSink } from "./lines";

/** Lines of so many seconds are kept for whoever comes later, as a pod's log keeps them. */
const KEPT_LINES = 30;

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
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(outlet.port, outlet.address, resolve);
  });
  // A probe lives as long as its own work.
  server.unref();
  return (line) => {
    const text = JSON.stringify(line) + "\n";
    kept.push(text);
    if (kept.length > KEPT_LINES) kept.shift();
    readers.forEach((reader) => reader.write(text));
  };
}
