import path from "node:path";
import { LabError } from "../cli/errors";
import { labFiles } from "../cli/lab-files";
import { runLogged } from "../cli/process/child";
import type { Interruption } from "../cli/process/interruption";
import { Progress } from "../cli/progress/progress";
import type { RunningLab } from "../cli/running-lab";
import { childEnvironment } from "../cli/terraform/environment";
import { DeployPhases } from "../cli/terraform/output";
import { synthesisedStacks } from "../cli/terraform/stacks";
import { run } from "../embedded/system/commands";
import { timed, type GroupSeconds } from "./by-kubectl";
import type { ShownState } from "./lab-objects";

/** Terraform itself, on the lab stack alone. */
export class ByTerraform {
  private constructor(
    private readonly running: RunningLab,
    private readonly directory: string,
    private readonly interruption: Interruption,
  ) {}

  /** For a lab that is up. */
  public static async of(running: RunningLab, interruption: Interruption): Promise<ByTerraform> {
    const stacks = await synthesisedStacks(labFiles(running.lab).out);
    const stack = stacks.find(({ name }) => name === "lab");
    if (stack === undefined) throw new LabError(`lab "${running.lab.name}" has no stack "lab"`);
    return new ByTerraform(running, stack.directory, interruption);
  }

  /** What the stack has made. */
  public async state(): Promise<ShownState> {
    const { path: program } = this.running.artifacts.terraform;
    const { stdout } = await run(program, [`-chdir=${this.directory}`, "show", "-json"], { env: this.environment() });
    return JSON.parse(stdout) as ShownState;
  }

  /** Destroys the stack; seconds. */
  public destroy(): Promise<number> {
    return timed(() => this.run("destroy", () => undefined));
  }

  /** Applies the stack. */
  public async apply(): Promise<GroupSeconds> {
    const progress = new Progress();
    const phases = new DeployPhases(progress);
    const total = await timed(() => this.run("apply", (line) => phases.line(line)));
    phases.close();
    progress.close();
    return { ...progress.seconds(), total } as unknown as GroupSeconds;
  }

  private async run(command: string, onLine: (line: string) => void): Promise<void> {
    const files = labFiles(this.running.lab);
    const logFile = path.join(files.log, `bench-${command}.log`);
    const { code } = await runLogged(
      this.running.artifacts.terraform.path,
      [command, "-auto-approve", "-input=false", "-no-color"],
      { cwd: this.directory, env: this.environment(), logFile, interruption: this.interruption, onLine },
    );
    if (code !== 0) throw new LabError(`terraform ${command} failed; its output is in ${logFile}`);
  }

  private environment(): Record<string, string> {
    const { lab, artifacts } = this.running;
    const entries = Object.entries(childEnvironment(labFiles(lab), artifacts, lab.directory));
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }
}
