import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kubectlOf } from "../../cli/measured";
import { runningLab } from "../../cli/running-lab";
import type { Kubectl } from "../../cli/kubernetes/kubectl";
import { labEnvironment } from "../../cli/terraform/environment";
import { labFiles } from "../../cli/lab-files";
import { App, LocalBackend, TerraformStack } from "../../constructs/private/terraform";
import { run } from "../../embedded/system/commands";

/** A running lab as somebody who deploys a stack of their own onto its cluster sees it. */
export class LiveLab {
  private constructor(
    /** The lab's kubeconfig. */
    public readonly kubeconfig: string,
    /** kubectl on the lab's cluster. */
    public readonly kubectl: Kubectl,
    private readonly terraform: string,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly directory: string,
  ) {}

  /** The lab of a name, with a scratch directory for stacks. */
  public static async of(name: string): Promise<LiveLab> {
    const { lab, artifacts } = await runningLab(name);
    const files = labFiles(lab);
    const directory = mkdtempSync(path.join(tmpdir(), "live-lab-"));
    // The steps of OpenShift SDN call kubectl by its name.
    writeFileSync(
      path.join(directory, "kubectl"),
      path.basename(artifacts.kubectl.path) === "kubectl"
        ? '#!/bin/sh\nexec "$LAB_KUBECTL" "$@"\n'
        : '#!/bin/sh\nexec "$LAB_KUBECTL" kubectl "$@"\n',
      { mode: 0o755 },
    );
    const environment = {
      ...labEnvironment(files, artifacts),
      LAB_KUBECTL: artifacts.kubectl.path,
      PATH: `${directory}:${process.env.PATH}`,
    };
    const kubectl = kubectlOf(lab, artifacts);
    return new LiveLab(files.kubeconfig, kubectl, artifacts.terraform.path, environment, directory);
  }

  /** Synthesises a stack and applies it; the same id again is the same state. */
  public async apply(id: string, build: (stack: TerraformStack) => void): Promise<void> {
    const outdir = path.join(this.directory, id);
    const app = new App({ outdir, skipValidation: false });
    const stack = new TerraformStack(app, id);
    new LocalBackend(stack, { path: path.join(this.directory, `${id}.tfstate`) });
    build(stack);
    app.synth();
    await this.run(id, ["init", "-input=false", "-no-color"]);
    await this.run(id, ["apply", "-auto-approve", "-input=false", "-no-color"]);
  }

  /** Whether a plan of the stack as it was applied would change nothing. */
  public async isSettled(id: string): Promise<boolean> {
    return this.run(id, ["plan", "-detailed-exitcode", "-input=false", "-no-color"]).then(
      () => true,
      () => false,
    );
  }

  /** Destroys what a stack has made. */
  public async destroy(id: string): Promise<void> {
    await this.run(id, ["destroy", "-auto-approve", "-input=false", "-no-color"]);
  }

  /** Applies objects by kubectl, as somebody else than Terraform. */
  public async put(...items: readonly object[]): Promise<void> {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await this.kubectl.text(["apply", "--filename=-"], { input: list });
  }

  /** Removes the scratch directory. */
  public close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private run(id: string, args: readonly string[]): Promise<unknown> {
    const chdir = `-chdir=${path.join(this.directory, id, "stacks", id)}`;
    const options = { env: this.environment, timeoutMilliseconds: 240_000 };
    return run(this.terraform, [chdir, ...args], options);
  }
}
