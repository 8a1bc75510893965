import fs from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { processTable, readProcess, signalAll, type ProcessEntry } from "./process-table";

/** Environment variable by which a lab's Terraform and all that it starts are known, whoever their parent is by now. */
export const LAB_MARK = "MULTICAST_LAB_DIRECTORY";

const GRACE_MILLISECONDS = 5_000;

/**
 * Ends what a killed command has left running for a lab: cdktf starts Terraform in a session of its own, so neither the
 * parent nor the process group finds it. To be called under the lab's lock.
 */
export async function endLeftOvers(labDirectory: string): Promise<number> {
  const found = await marked(labDirectory);
  signalAll(found, "SIGTERM");
  const deadline = performance.now() + GRACE_MILLISECONDS;
  let left = await stillThere(found);
  // Not our children: the kernel tells us of their end only in /proc.
  while (left.length > 0 && performance.now() < deadline) {
    await delay(50);
    left = await stillThere(found);
  }
  signalAll(left, "SIGKILL");
  return found.length;
}

async function marked(labDirectory: string): Promise<ProcessEntry[]> {
  const mark = `${LAB_MARK}=${labDirectory}`;
  const table = await processTable();
  const checked = await Promise.all(
    table.map(async (entry) => {
      const environment = await fs.readFile(`/proc/${entry.pid}/environ`, "utf8").catch(() => "");
      return entry.pid !== process.pid && environment.split("\0").includes(mark) ? [entry] : [];
    }),
  );
  return checked.flat();
}

async function stillThere(entries: readonly ProcessEntry[]): Promise<ProcessEntry[]> {
  const now = await Promise.all(entries.map(({ pid }) => readProcess(pid)));
  return entries.filter(({ startTime }, index) => now[index]?.startTime === startTime);
}
