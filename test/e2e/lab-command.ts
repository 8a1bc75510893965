import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { type LabReport, parseLabReport } from "../../cli/report";

const PROGRAM = path.join(__dirname, "../../lab");

/** How a command ended. */
export interface Ended {
  readonly command: string;
  /** Exit code; nothing after a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** `./lab` as a user calls it, for one lab. */
export class LabCommand {
  public constructor(public readonly name: string) {}

  /** Starts a command, without a terminal. */
  public start(args: readonly string[], timeoutSeconds: number): Started {
    // SIGKILL: a command that hangs must not decide about its own end. What it leaves is for the next `down`.
    const child = spawn(PROGRAM, ["--name", this.name, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutSeconds * 1000,
      killSignal: "SIGKILL",
    });
    const texts = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString("utf8")));
    const command = `./lab --name ${this.name} ${args.join(" ")}`;
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ command, code, ...texts }));
    });
    return { child, ended };
  }

  /**
   * Runs a command to its end.
   *
   * @throws Error with all that it printed when its exit code is another.
   */
  public async run(args: readonly string[], { code = 0, seconds = 60 } = {}): Promise<string> {
    const ended = await this.start(args, seconds).ended;
    if (ended.code !== code) throw new Error(`${describe(ended)}\nexpected exit code ${code} within ${seconds} s`);
    return ended.stdout;
  }

  /** Runs the checks again. The exit code must say the same as the report, and both what is expected. */
  public async verify(expected?: "passed" | "failed", seconds = 120): Promise<LabReport> {
    const ended = await this.start(["verify", "--json"], seconds).ended;
    if (ended.code !== 0 && ended.code !== 1) throw new Error(describe(ended));
    const report = parseLabReport(ended.stdout);
    const isExpected = expected === undefined || report.ok === (expected === "passed");
    if (report.ok !== (ended.code === 0) || !isExpected) throw new Error(`expected ${expected}\n${describe(ended)}`);
    return report;
  }

  /** Brings the lab to what its stacks say; it must pass, and say whether there was anything to change. */
  public async up(expected: "changed" | "unchanged", seconds = 240): Promise<LabReport> {
    const text = await this.run(["--yes", "--json", "up"], { seconds });
    const { changed } = JSON.parse(text) as { changed: boolean };
    if (changed !== (expected === "changed")) throw new Error(`expected ${expected}\n${text}`);
    return parseLabReport(text);
  }

  /** The last judgement, from the lab's files. */
  public async lastReport(): Promise<LabReport> {
    return parseLabReport(await this.run(["--json", "report"]));
  }

  /** A command on a host of the lab. */
  public exec(host: string, ...words: string[]): Promise<string> {
    return this.run(["exec", host, "--", ...words]);
  }

  /** Brings the lab down, whatever there is of it. */
  public down(): Promise<string> {
    return this.run(["down"], { seconds: 180 });
  }
}

/** Breaks something, judges, and mends it again whatever came of that. */
export async function whileBroken<T>(
  broken: () => Promise<unknown>,
  mend: () => Promise<unknown>,
  judge: () => Promise<T>,
): Promise<T> {
  try {
    await broken();
    return await judge();
  } finally {
    await mend();
  }
}

function describe({ command, code, stdout, stderr }: Ended): string {
  return [`${command}: exit code ${code}`, "--- stdout", stdout, "--- stderr", stderr].join("\n");
}

/**
 * Tests of one file that build on each other: after the first that failed, the rest say so instead of failing for
 * reasons that mislead, each after its own time limit.
 */
export class Story {
  private failed = false;

  /** One test of the story. */
  public step(work: () => Promise<void>): () => Promise<void> {
    return async () => {
      if (this.failed) throw new Error("not tried: a step before this one failed");
      this.failed = true;
      await work();
      this.failed = false;
    };
  }
}
