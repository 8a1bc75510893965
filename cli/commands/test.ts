import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { run as runCommand } from "../../embedded/system/commands";
import { EXIT } from "../errors";
import { isOnPath } from "../machine/packages";
import type { GlobalOptions } from "../options";
import type { Interruption } from "../process/interruption";
import { ROOT } from "../terraform/terraform";
import { prepareTests, type TestMachine } from "../test-machine";

/** Options of `./lab test`. */
export interface TestOptions extends GlobalOptions {
  /** Leave out what needs hosts. */
  readonly fast: boolean;
}

/** How many passed and failed, and the names of those that this machine lacks something for. */
interface Sum {
  readonly passed: number;
  readonly failed: number;
  readonly impossible: readonly string[];
}

/** A command that passes or fails as a whole, or a jest run that counts its tests. */
interface Step {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isJest?: boolean;
}

/** Runs everything that checks the project; the last line sums it up. */
export async function test(options: TestOptions, interruption: Interruption): Promise<number> {
  const machine = await prepareTests(options, interruption);
  if (machine.lacks.length > 0) process.stderr.write(`${lacking(machine)}\n`);
  const { steps, impossible } = await quickSteps(machine);
  const sums = await interruption.stops(runBeside(steps, machine));
  // What boots hosts measures times: it has the machine to itself.
  if (!options.fast) sums.push(...(await interruption.stops(runBeside([END_TO_END], machine))));
  const sum: Sum = {
    passed: sums.reduce((all, { passed }) => all + passed, 0),
    failed: sums.reduce((all, { failed }) => all + failed, 0),
    impossible: [...impossible, ...sums.flatMap((each) => each.impossible)],
  };
  if (sum.impossible.length > 0) {
    process.stdout.write(`\n${[`${sum.impossible.length} skipped:`, ...sum.impossible].join("\n  ")}\n`);
    if (machine.lacks.length > 0) process.stdout.write(`${lacking(machine)}\n`);
  }
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
  return sum.failed === 0 && sum.passed > 0 ? EXIT.ok : EXIT.failed;
}

function lacking({ lacks }: TestMachine): string {
  const why = "This machine lacks what some tests need, and it can only be installed as root, with apt-get";
  return [`${why}. These tests are skipped, and named at the end:`, ...lacks].join("\n  ");
}

const JEST = path.join(ROOT, "node_modules/.bin/jest");
const END_TO_END: Step = {
  title: "end to end",
  program: JEST,
  args: ["--config", "test/e2e/jest.config.js"],
  isJest: true,
};

/** What needs no hosts, side by side: some of the tests wait for most of their time. */
async function quickSteps({ go }: TestMachine): Promise<{ readonly steps: Step[]; readonly impossible: string[] }> {
  const npm = (title: string, script: string): Step => ({ title, program: "npm", args: ["run", "--silent", script] });
  const hasShellcheck = isOnPath("shellcheck");
  return {
    steps: [
      { title: "unit and synth tests", program: JEST, args: [], isJest: true },
      npm("type check", "typecheck"),
      npm("lint", "lint"),
      ...(hasShellcheck ? [await shellcheck()] : []),
      ...(go === undefined ? [] : await goTests(go)),
    ],
    impossible: [
      ...(hasShellcheck ? [] : ["shell scripts (needs shellcheck)"]),
      ...(go === undefined ? ["go test (needs Go)"] : []),
    ],
  };
}

/** The scripts for cluster hosts are checked by a unit test of theirs, since they are read together. */
async function shellcheck(): Promise<Step> {
  const embedded = await fs.readdir(path.join(ROOT, "embedded"), { recursive: true });
  const files = embedded.filter((file) => file.endsWith(".sh")).map((file) => path.join("embedded", file));
  return { title: "shell scripts", program: "shellcheck", args: ["lab", ".ci/run", "bench/phases", ...files] };
}

/** Only packages that have tests are compiled: the rest of the Kubernetes module takes minutes. */
async function goTests(go: string): Promise<Step[]> {
  const modules = await fs.readdir(path.join(ROOT, "embedded"));
  const found = await Promise.all(
    modules.map(async (name) => {
      const cwd = path.join(ROOT, "embedded", name);
      const packages = existsSync(path.join(cwd, "go.mod")) ? await testedPackages(go, cwd) : [];
      const args = ["test", "-trimpath", ...packages];
      return packages.length === 0 ? [] : [{ title: `go test ${name}`, program: go, args, cwd }];
    }),
  );
  return found.flat();
}

async function testedPackages(go: string, module: string): Promise<string[]> {
  const template = "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}";
  const { stdout } = await runCommand(go, ["-C", module, "list", "-f", template, "./..."], {
    timeoutMilliseconds: 600_000,
  });
  return stdout.split("\n").filter(Boolean);
}

function runBeside(steps: readonly Step[], { env }: TestMachine): Promise<Sum[]> {
  process.stdout.write(`\n== running: ${steps.map(({ title }) => title).join(", ")}\n`);
  return Promise.all(steps.map((step) => run({ ...step, env })));
}

async function run(step: Step): Promise<Sum> {
  const sum = await (step.isJest ? runJest(step) : runWhole(step));
  process.stdout.write(`== ${step.title}: ${sum.failed === 0 ? "passed" : `${sum.failed} failed`}\n`);
  return sum;
}

/** What it prints is seen while it runs. */
async function runJest(step: Step): Promise<Sum> {
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), "multicast-lab-test-"));
  // An interrupted command gets to no `finally`.
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const results = path.join(directory, "results.json");
  await exitCode(start({ ...step, args: [...step.args, "--json", "--outputFile", results] }, process.stderr));
  return jestSum(results);
}

/** What it prints comes in one piece at its end, since others run beside it. */
async function runWhole(step: Step): Promise<Sum> {
  const child = start(step, "pipe");
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => printed.push(chunk));
  const code = await exitCode(child);
  process.stderr.write(Buffer.concat(printed));
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, impossible: [] };
}

function start({ program, args, cwd = ROOT, ...step }: Step, output: "pipe" | NodeJS.WriteStream): ChildProcess {
  const env = { ...process.env, ...step.env, CGO_ENABLED: "0", GOTOOLCHAIN: "local", CHECKPOINT_DISABLE: "1" };
  return spawn(program, args, { cwd, env, stdio: ["ignore", output, output] });
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** What jest's JSON says (https://jestjs.io/docs/cli#--json). */
interface JestResults extends Record<"numPassedTests" | "numFailedTests" | "numRuntimeErrorTestSuites", number> {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A test file that could not be run at all counts as a failure beside the tests of the others. */
async function jestSum(file: string): Promise<Sum> {
  const text = await fs.readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, impossible: [] };
  const results = JSON.parse(text) as JestResults;
  const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    impossible: tests.filter(({ status }) => status === "pending").map(({ fullName }) => fullName),
  };
}
