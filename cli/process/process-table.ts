import fs from "node:fs/promises";

/** One line of the process table. */
export interface ProcessEntry {
  readonly pid: number;
  /** Name of the program, 15 characters at most. */
  readonly name: string;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks since boot: tells a process from a later one with the same pid. */
  readonly startTime: string;
}

/** All processes, lowest pid first (proc(5), /proc/[pid]/stat). */
export async function processTable(): Promise<ProcessEntry[]> {
  const pids = (await fs.readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const entries = await Promise.all(pids.sort((left, right) => left - right).map(readProcess));
  return entries.filter((entry) => entry !== undefined);
}

/** One process, unless it has ended. */
export async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  const text = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseStat(pid, text);
}

/** The program's name is in parentheses and may hold blanks and parentheses itself. */
export function parseStat(pid: number, text: string): ProcessEntry {
  const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { pid, name, parent: Number(fields[1]), group: Number(fields[2]), startTime: fields[19] ?? "" };
}

/** A process and all that it has started, as far as they still know their parent. */
export async function descendants(pid: number | undefined): Promise<ProcessEntry[]> {
  const table = await processTable();
  const family = new Set([pid]);
  // A child may have a lower pid than its parent once the numbers have come round, so until nothing is added.
  for (let before = 0; before !== family.size;) {
    before = family.size;
    table.filter(({ parent }) => family.has(parent)).forEach((entry) => family.add(entry.pid));
  }
  return table.filter((entry) => family.has(entry.pid));
}

/** Sends a signal to processes, of which some may have ended in the meantime. */
export function signalAll(entries: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  for (const { pid } of entries) {
    try {
      process.kill(pid, signal);
    } catch {
      continue;
    }
  }
}
