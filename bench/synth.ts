/** Time and memory of a synthesis with the library, beside an app by hand that writes the same JSON; both as plain JavaScript, as the package has it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { run } from "../embedded/system/commands";

const ROOT = path.join(__dirname, "..");
/** Below the repository, so that Node.js finds the packages. */
const COMPILED = path.join(ROOT, "node_modules/.cache/bench-synth");
const SIZES = [1, 10, 100, 500];
const TARGET = 1.3;

interface Measured {
  readonly milliseconds: number;
  readonly peakBytes: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: "string", default: "5" } } });
  await compile();
  const header = ["networks", "library", "by hand", "ratio", "a network", "memory", "by hand", "ratio"];
  process.stdout.write(`${header.map((text) => text.padStart(10)).join("")}\n`);
  const ratios: number[] = [];
  for (const size of SIZES) ratios.push(...(await compare(size, Number(values.runs))));
  const worst = Math.max(...ratios);
  process.stdout.write(
    `worst ratio ${worst.toFixed(2)}, at most ${TARGET} wanted; median of ${values.runs} runs each, by turns, CPU time\n`,
  );
  if (worst > TARGET) process.exitCode = 1;
}

async function compile(): Promise<void> {
  fs.rmSync(COMPILED, { recursive: true, force: true });
  const isOwn = (file: string): boolean => file.endsWith(".ts");
  const files = ["bench", "constructs", "probe"].flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((file) => path.join(folder, file)),
  );
  const entryPoints = files.filter(isOwn);
  for (const kind of ["library", "plain"]) fs.mkdirSync(path.join(COMPILED, "out", kind), { recursive: true });
  await build({ absWorkingDir: ROOT, entryPoints, outdir: COMPILED, outbase: ".", format: "cjs", platform: "node" });
  for (const file of files.filter((each) => each.includes("/assets/")))
    if (fs.statSync(path.join(ROOT, file)).isFile()) fs.cpSync(path.join(ROOT, file), path.join(COMPILED, file));
}

/** The ratios of time and memory. */
async function compare(size: number, runs: number): Promise<number[]> {
  const outdir = (kind: string): string => path.join(COMPILED, "out", kind);
  const json = path.join(outdir("library"), "stacks/lab/cdk.tf.json");
  const library: Measured[] = [];
  const plain: Measured[] = [];
  for (let index = 0; index < runs; index += 1) {
    library.push(await measured("library", String(size), outdir("library")));
    plain.push(await measured("plain", json, outdir("plain")));
    if (index === 0) sameJson(json, path.join(outdir("plain"), "stacks/lab/cdk.tf.json"));
  }
  const time = ratioOf(library, plain, ({ milliseconds }) => milliseconds);
  const memory = ratioOf(library, plain, ({ peakBytes }) => peakBytes / 2 ** 20);
  const times = [time.library, time.plain].map((each) => `${each.toFixed(0)} ms`);
  const sizes = [memory.library, memory.plain].map((each) => `${each.toFixed(0)} MiB`);
  const each = `${(time.library / size).toFixed(1)} ms`;
  const cells = [String(size), ...times, time.ratio.toFixed(2), each, ...sizes, memory.ratio.toFixed(2)];
  process.stdout.write(`${cells.map((text) => text.padStart(10)).join("")}\n`);
  return [time.ratio, memory.ratio];
}

function ratioOf(library: readonly Measured[], plain: readonly Measured[], of: (each: Measured) => number) {
  const [own, other] = [median(library.map(of)), median(plain.map(of))];
  return { library: own, plain: other, ratio: own / other };
}

async function measured(...args: string[]): Promise<Measured> {
  const program = path.join(COMPILED, "bench/synth-run.js");
  const { stdout } = await run(process.execPath, [program, ...args], { timeoutMilliseconds: 600_000 });
  return JSON.parse(stdout) as Measured;
}

/** @throws Error when the two apps do not write the same resources: the comparison would be of different things. */
function sameJson(...files: readonly [string, string]): void {
  const [one, other] = files.map((file) => {
    const { resource } = JSON.parse(fs.readFileSync(file, "utf8")) as { resource: unknown };
    return JSON.stringify(sorted(resource));
  });
  if (one !== other) throw new Error(`${files.join(" and ")} differ`);
}

/** Without the metadata of CDKTF, which holds the paths of constructs. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "//");
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
}

function median(numbers: readonly number[]): number {
  const ordered = [...numbers].sort((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)] ?? NaN;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exitCode = 1;
});
