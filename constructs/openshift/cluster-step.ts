import * as path from "node:path";
import type { ICluster } from "../cluster/cluster";
import {
  AssetType,
  Construct,
  DataResource,
  TerraformAsset,
  TerraformStack,
  type ITerraformDependable,
  type LocalExecProvisioner,
} from "../private/terraform";
import { literalText } from "../private/terraform-text";

/** A script of constructs/openshift/assets and one of its steps. */
export interface ScriptStep {
  /** Name of the script without its ending. */
  readonly script: "definition" | "installer" | "migration" | "node-policy" | "shared-object";
  /** The script's only argument. */
  readonly step: string;
}

/** Props of {@link ClusterStep}. */
export interface ClusterStepProps {
  /** What creating the resource runs; nothing where undefined. */
  readonly create?: ScriptStep;
  /** What destroying the resource runs; nothing where undefined. */
  readonly destroy?: ScriptStep;
  /** The scripts' environment, by name. A text that is made late comes as a token. */
  readonly values: Readonly<Record<string, string>>;
  /**
   * Whether a change of the values makes the resource anew; else it is only noted, for the destroy step.
   *
   * @default true
   */
  readonly runAgain?: boolean;
  /** What must be applied before. */
  readonly dependsOn?: ITerraformDependable[];
}

/** Environment by which the scripts reach a cluster. */
export function accessTo(cluster: ICluster): Record<string, string> {
  return {
    LAB_KUBECONFIG: literalText(cluster.kubeconfigPath),
    LAB_CONTEXT: literalText(cluster.kubeconfigContext ?? ""),
  };
}

/** A script that Terraform runs on this machine when it creates or destroys the resource. Values reach it by the environment alone. */
export class ClusterStep extends Construct {
  /** The `terraform_data`. */
  public readonly resource: DataResource;

  public constructor(scope: Construct, id: string, props: ClusterStepProps) {
    super(scope, id);
    const { values, dependsOn, runAgain = true } = props;
    const provisioners = (["create", "destroy"] as const).flatMap((when) => {
      const step = props[when];
      return step ? [provisioner(this, step, Object.keys(values), when)] : [];
    });
    const triggersReplace = runAgain ? values : undefined;
    this.resource = new DataResource(this, "Resource", { input: values, triggersReplace, dependsOn, provisioners });
  }
}

/** A destroy step may only name its own resource, so both take everything from there. */
function provisioner(
  scope: Construct,
  { script, step }: ScriptStep,
  names: readonly string[],
  when: "create" | "destroy",
): LocalExecProvisioner {
  return {
    type: "local-exec",
    when,
    interpreter: ["bash", `${assetsOf(scope)}/${script}.sh`],
    command: step,
    environment: Object.fromEntries(names.map((name) => [name, `\${self.input.${name}}`])),
  };
}

/** The scripts' path inside the synthesised stack; one copy for each stack. */
function assetsOf(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  const id = "OpenShiftSteps";
  const asset =
    (stack.node.tryFindChild(id) as TerraformAsset | undefined) ??
    new TerraformAsset(stack, id, { path: path.join(__dirname, "assets"), type: AssetType.DIRECTORY });
  return `./${asset.path}`;
}
