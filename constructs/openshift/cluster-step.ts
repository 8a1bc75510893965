import * as path from "node:path";
import type { ICluster } from "../cluster/cluster";
import { dataResource } from "../private/data-resource";
import { scriptProvisioner, stackAsset } from "../private/script-step";
import { Construct, type DataResource, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";

/** A script of constructs/openshift/assets and one of its steps. */
export interface ClusterScript {
  /** Name of the script without its ending. */
  readonly script: "definition" | "installer" | "migration" | "node-policy" | "shared-object";
  /** The script's only argument. */
  readonly step: string;
}

/** Props of {@link ClusterStep}. */
export interface ClusterStepProps {
  /** What creating the resource runs; nothing where undefined. */
  readonly create?: ClusterScript;
  /** What destroying the resource runs; nothing where undefined. */
  readonly destroy?: ClusterScript;
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
    const names = Object.keys(values);
    const scripts = stackAsset(this, "OpenShiftSteps", path.join(__dirname, "assets"));
    const provisioners = (["create", "destroy"] as const).flatMap((when) => {
      const { script, step } = props[when] ?? {};
      return step ? [scriptProvisioner({ script: `${scripts}/${script}.sh`, step, when, names })] : [];
    });
    const triggersReplace = runAgain ? values : undefined;
    this.resource = dataResource(this, "Resource", { input: values, triggersReplace, dependsOn, provisioners });
  }
}
