import { keepNodeDependencies } from "./node-dependencies";
import { TerraformAsset, TerraformStack, type Construct, type LocalExecProvisioner } from "./terraform";

/** A script that Terraform runs on this machine when it creates or destroys a resource. */
export interface ScriptStep {
  /** Path of the script, from the stack's own directory. */
  readonly script: string;
  /** The script's only argument. */
  readonly step: string;
  /** When it runs. */
  readonly when: "create" | "destroy";
  /** Names of the resource's inputs, which are the script's environment. */
  readonly names: readonly string[];
}

/** The provisioner that runs `step`. A destroy step may only name its own resource, so both kinds take everything from there. */
export function scriptProvisioner({ script, step, when, names }: ScriptStep): LocalExecProvisioner {
  return {
    type: "local-exec",
    when,
    interpreter: ["bash", script],
    command: step,
    environment: Object.fromEntries(names.map((name) => [name, `\${self.input.${name}}`])),
  };
}

/** Path, from the stack's own directory, of a copy of the file or directory `source` inside the synthesised stack; one copy `id` for each stack. */
export function stackAsset(scope: Construct, id: string, source: string): string {
  keepNodeDependencies(scope);
  const stack = TerraformStack.of(scope);
  const asset =
    (stack.node.tryFindChild(id) as TerraformAsset | undefined) ?? new TerraformAsset(stack, id, { path: source });
  return `./${asset.path}`;
}
