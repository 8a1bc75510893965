import { execFile } from "node:child_process";

/** What a command printed. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link run}. */
export interface RunOptions {
  /** Text for standard input; without it, standard input is empty. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default 60 s: nothing here takes longer on a healthy machine. */
  readonly timeoutMilliseconds?: number;
  /** Called with each line of standard error as it comes. */
  readonly onStderrLine?: (line: string) => void;
}

/** Runs one program with an argument list (never through a shell); rejects with its own words when it fails. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<CommandOutput> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      {
        // LC_ALL: some callers compare messages, so they must not depend on the user's language.
        env: { ...process.env, LC_ALL: "C", ...options.env },
        timeout: options.timeoutMilliseconds ?? 60_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error) {
          reject(new Error(describeFailure(program, args, error, stderr), { cause: error }));
        } else {
          resolve({ stdout, stderr });
        }
      },
    );
    // A program that ends before it has read all of its input is judged by its exit code, not by our broken pipe.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
    const { onStderrLine } = options;
    if (onStderrLine) {
      child.stderr?.on("data", (chunk) => String(chunk).split("\n").filter(Boolean).forEach(onStderrLine));
    }
  });
}

/** Like {@link run}, but says whether it succeeded instead of rejecting: for undoing what may or may not be there. */
export async function succeeds(program: string, args: readonly string[], options: RunOptions = {}): Promise<boolean> {
  return run(program, args, options).then(
    () => true,
    () => false,
  );
}

function describeFailure(program: string, args: readonly string[], error: Error, stderr: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") {
    return `${program} is not installed on this machine`;
  }
  return `${[program, ...args].join(" ")} failed (${code ?? "killed"}): ${stderr.trim() || error.message}`;
}
