import { createHash } from "node:crypto";
import { once } from "node:events";
import net from "node:net";

/** Held until it is released or its process ends. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock of `name`, or says at once that somebody on this machine holds it. It is a socket in the kernel's
 * abstract namespace (unix(7)): the kernel lets go of it when the holder ends, however it ends, so that there is no lock
 * file to go stale.
 */
export async function tryLock(name: string): Promise<Lock | undefined> {
  const waiting = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    waiting.add(socket.on("error", () => undefined).unref());
  });
  server.listen(address(name));
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
  server.unref();
  return {
    release: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of waiting) socket.destroy();
      }),
  };
}

/** Runs `work` while nobody else on this machine runs under the lock of the same name. */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  let lock = await tryLock(name);
  while (lock === undefined) {
    await releaseOf(name);
    lock = await tryLock(name);
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** A connection to the holder ends with its lock; an error (refused, cut off) only says that before "close" does. */
function releaseOf(name: string): Promise<void> {
  return new Promise((released) => {
    const socket = net.connect(address(name)).resume();
    socket.on("error", () => undefined);
    socket.once("close", () => released());
  });
}

function address(name: string): string {
  return `\0multicast-lab-${createHash("sha256").update(name).digest("hex").slice(0, 24)}`;
}
