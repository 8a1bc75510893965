import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { App, type TerraformStack } from "../../../constructs/private/terraform";
import { labHome } from "../../../embedded/hosts";

/** How a program ended. */
export interface Output {
  readonly code: number;
  readonly text: string;
}

/** Terraform and kubectl on a lab that is up, beside `./lab` itself. */
export class LabTools {
  private readonly directory: string;

  public constructor(
    labName: string,
    private readonly work: string,
  ) {
    this.directory = path.join(labHome(), "labs", labName);
  }

  /** Path of the lab's kubeconfig. */
  public get kubeconfigPath(): string {
    return path.join(this.directory, "state/kubeconfig");
  }

  /** Image of verification pods on the lab. */
  public get probeImage(): string {
    const text = readFileSync(path.join(this.directory, "inventory.json"), "utf8");
    return (JSON.parse(text) as { images: { probe: string } }).images.probe;
  }

  /** Runs kubectl; with a text on its standard input where one is given. */
  public async kubectl(args: readonly string[], input?: string): Promise<string> {
    const { code, text } = await this.run("kubectl", [`--kubeconfig=${this.kubeconfigPath}`, ...args], ".", input);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: exit code ${code}\n${text}`);
    return text;
  }

  /** Synthesises what `build` makes and runs Terraform on its stack. */
  public async terraform(command: "apply" | "destroy" | "plan", build: (app: App) => TerraformStack): Promise<Output> {
    const app = new App({ outdir: this.work });
    const { id } = build(app).node;
    app.synth();
    const stack = path.join(this.work, "stacks", id);
    await this.run("terraform", ["init", "-no-color"], stack);
    const args = command === "plan" ? ["-detailed-exitcode"] : ["-auto-approve"];
    return this.run("terraform", [command, "-no-color", "-input=false", ...args], stack);
  }

  private run(program: string, args: readonly string[], cwd: string, input?: string): Promise<Output> {
    const env = {
      ...process.env,
      TF_CLI_CONFIG_FILE: path.join(this.directory, "terraformrc"),
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
    };
    return new Promise((resolve) => {
      const child = execFile(program, args, { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr }),
      );
      child.stdin?.end(input);
    });
  }
}
