import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";

/**
 * Runs `work` while no other lab of this machine runs under the lock of the same file, in this process or another.
 * The kernel holds the lock for flock(1) and its child, which end when their input does: nothing stays locked after a
 * kill. https://man7.org/linux/man-pages/man1/flock.1.html
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const holder = spawn("flock", [file, "sh", "-c", "echo held; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "exit");
  const held = await Promise.race([once(holder.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!held) {
    throw new Error(
      `${file} could not be locked: flock ended. Is util-linux installed, and is the directory writable?`,
    );
  }
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
