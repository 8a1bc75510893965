import { createHash } from "node:crypto";
import net from "node:net";
import { LabError } from "./errors";

/** Held by one command at a time for each lab. */
export interface LabLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a lab. It is a socket in the kernel's abstract namespace (unix(7)): the kernel lets go of it when the
 * holder ends, however it ends, so that there is no lock file to go stale.
 */
export function lockLab(labDirectory: string, name: string): Promise<LabLock> {
  const key = createHash("sha256").update(labDirectory).digest("hex").slice(0, 24);
  const server = net.createServer((connection) => connection.end());
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = `another ./lab command works on lab "${name}"; wait for it to end, or use another --name`;
      reject(error.code === "EADDRINUSE" ? new LabError(taken) : error);
    });
    server.listen(`\0multicast-lab-${key}`, () => {
      server.unref();
      resolve({ release: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
