import path from "node:path";
import { run } from "../embedded/system/commands";

const LAB = path.join(__dirname, "../lab");
const TIMEOUT_MILLISECONDS = 45 * 60_000;

/** Standard output of `./lab` with these words, for one lab. */
export async function lab(name: string, ...words: readonly string[]): Promise<string> {
  const result = await run(LAB, ["--yes", "--name", name, ...words], {
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    onStderrLine: (line) => process.stderr.write(`${line}\n`),
  });
  return result.stdout;
}

/** The lab as the environment that `./lab env` prints. */
export async function labEnvironment(name: string): Promise<Record<string, string>> {
  return JSON.parse(await lab(name, "env", "--json")) as Record<string, string>;
}

/** Seconds that some work takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
