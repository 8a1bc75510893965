import { existsSync } from "node:fs";
import path from "node:path";
import type { Artifacts } from "../../embedded/artifacts";
import type { Lab } from "../../embedded/hosts";
import { LabError } from "../errors";
import { labFiles, type LabFiles } from "../lab-files";
import { runLogged, type LoggedResult } from "../process/child";
import type { Interruption } from "../process/interruption";
import type { ResourcePlace } from "./declared";
import { childEnvironment } from "./environment";
import { terraformErrors } from "./output";
import { synthesisedStacks, type SynthesisedStack } from "./stacks";

/** The checkout: where cdktf.json and main.ts are. */
export const ROOT = path.join(__dirname, "../..");

/** Takes each line of output. */
export type OnLine = (line: string) => void;

/** Terraform and cdktf, on the stacks of one lab. */
export class LabTerraform {
  private readonly files: LabFiles;

  public constructor(
    private readonly lab: Lab,
    private readonly artifacts: Artifacts,
    private readonly interruption: Interruption,
  ) {
    this.files = labFiles(lab);
  }

  /** Synthesises all stacks from the inventory. */
  public async synthesise(): Promise<SynthesisedStack[]> {
    const result = await this.run(process.execPath, ["--import", "tsx", "main.ts"], "synth", { cwd: ROOT });
    if (result.code !== 0) throw new LabError(`synthesis failed:\n${tail(result.lines)}`);
    return synthesisedStacks(this.files.out);
  }

  /** `cdktf deploy` of all stacks, in the order of their dependencies. */
  public async deploy(onLine: OnLine): Promise<void> {
    // The lock step asks the registry for packages of other platforms, which a mirror does not have.
    const args = ["deploy", "*", "--auto-approve", "--no-color"];
    const cdktf = path.join(ROOT, "node_modules/.bin/cdktf");
    const result = await this.run(cdktf, args, "deploy", { cwd: ROOT, onLine });
    if (result.code !== 0) throw new LabError(failure("deploy", result, this.logFile("deploy")));
  }

  /** Whether Terraform would change anything in a stack. */
  public async hasChanges(stack: SynthesisedStack): Promise<boolean> {
    await this.initialise(stack);
    const args = ["plan", "-input=false", "-no-color", "-lock-timeout=10s", "-detailed-exitcode"];
    const result = await this.terraform(stack, args, "plan");
    if (result.code === 0 || result.code === 2) return result.code === 2;
    throw new LabError(failure(`plan of ${stack.name}`, result, this.logFile("plan")));
  }

  /** Marks a resource so that the next deploy makes it again; one that Terraform does not have, it makes anyway. */
  public async remake({ directory, address }: ResourcePlace): Promise<void> {
    await this.initialise({ directory, name: path.basename(directory) });
    const args = ["taint", "-no-color", "-lock-timeout=10s", "-allow-missing", address];
    const result = await this.terraform({ directory }, args, "taint");
    if (result.code !== 0) throw new LabError(failure(`taint of ${address}`, result, this.logFile("taint")));
  }

  /** Destroys the resources of all stacks, in reverse order. */
  public async destroy(onLine: OnLine): Promise<void> {
    const stacks = await synthesisedStacks(this.files.out);
    for (const stack of stacks.reverse()) {
      await this.initialise(stack);
      const args = ["destroy", "-auto-approve", "-input=false", "-no-color", "-lock-timeout=30s"];
      const result = await this.terraform(stack, args, "destroy", onLine);
      if (result.code !== 0) throw new LabError(failure(`destroy of ${stack.name}`, result, this.logFile("destroy")));
    }
  }

  private async initialise(stack: Pick<SynthesisedStack, "directory" | "name">): Promise<void> {
    if (existsSync(path.join(stack.directory, ".terraform/providers"))) return;
    const result = await this.terraform(stack, ["init", "-input=false", "-no-color"], "init");
    if (result.code !== 0) throw new LabError(failure(`init of ${stack.name}`, result, this.logFile("init")));
  }

  private terraform(
    { directory }: Pick<SynthesisedStack, "directory">,
    args: readonly string[],
    log: string,
    onLine?: OnLine,
  ): Promise<LoggedResult> {
    return this.run(this.artifacts.terraform.path, args, log, { cwd: directory, onLine });
  }

  private run(
    program: string,
    args: readonly string[],
    log: string,
    options: { readonly cwd: string; readonly onLine?: OnLine },
  ): Promise<LoggedResult> {
    return runLogged(program, args, {
      ...options,
      env: childEnvironment(this.files, this.artifacts, this.lab.directory),
      logFile: this.logFile(log),
      interruption: this.interruption,
    });
  }

  private logFile(name: string): string {
    return path.join(this.files.log, `${name}.log`);
  }
}

function failure(what: string, { lines }: LoggedResult, logFile: string): string {
  const errors = terraformErrors(lines);
  return `${what} failed:\n${errors.length > 0 ? errors.join("\n\n") : tail(lines)}\n(all output: ${logFile})`;
}

function tail(lines: readonly string[]): string {
  return lines.slice(-25).join("\n");
}
