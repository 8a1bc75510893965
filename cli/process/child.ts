import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Interruption } from "./interruption";
import { descendants, signalAll } from "./process-table";

/** Options of {@link runLogged}. */
export interface LoggedOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets all output; appended to. */
  readonly logFile: string;
  readonly onLine?: (line: string) => void;
  readonly interruption: Interruption;
}

/** How a program ended. */
export interface LoggedResult {
  /** Exit code; 128 + n after signal n is not told apart: such an end counts as 1. */
  readonly code: number;
  readonly lines: readonly string[];
}

const KEPT_LINES = 2_000;

/**
 * Runs a long program in a process group of its own: Ctrl-C at the terminal reaches it through us alone, once, since
 * Terraform takes a second interrupt for an order to die at once.
 */
export async function runLogged(
  program: string,
  args: readonly string[],
  options: LoggedOptions,
): Promise<LoggedResult> {
  const { interruption, env, cwd } = options;
  interruption.asked.throwIfAborted();
  const child = spawn(program, [...args], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const asked = (): void => void interrupt(child.pid);
  const forced = (): void => void end(child.pid);
  interruption.asked.addEventListener("abort", asked);
  interruption.forced.addEventListener("abort", forced);
  try {
    const result = await collect(child, program, args, options);
    interruption.asked.throwIfAborted();
    return result;
  } finally {
    interruption.asked.removeEventListener("abort", asked);
    interruption.forced.removeEventListener("abort", forced);
  }
}

function collect(
  child: ChildProcess,
  program: string,
  args: readonly string[],
  { logFile, onLine }: LoggedOptions,
): Promise<LoggedResult> {
  mkdirSync(path.dirname(logFile), { recursive: true, mode: 0o700 });
  const log = createWriteStream(logFile, { flags: "a", mode: 0o600 });
  log.write(`--- ${new Date().toISOString()} ${path.basename(program)} ${args.join(" ")}\n`);
  const lines: string[] = [];
  const take = (line: string): void => {
    log.write(`${new Date().toISOString()} ${line}\n`);
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on("line", take);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => log.end(() => resolve({ code: code ?? 1, lines })));
  });
}

/** Programs that end in order when interrupted, after which the one that started them ends by itself. */
const ORDERLY = ["terraform", "tofu"];

/** cdktf itself dies of an interrupt at once, and its Terraform with it in the middle of a resource. */
async function interrupt(pid: number | undefined): Promise<void> {
  const tree = await descendants(pid);
  const orderly = tree.filter(({ name }) => ORDERLY.includes(name));
  signalAll(orderly.length > 0 ? orderly : tree, "SIGINT");
}

async function end(pid: number | undefined): Promise<void> {
  signalAll(await descendants(pid), "SIGKILL");
}
