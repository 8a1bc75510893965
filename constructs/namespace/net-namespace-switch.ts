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

/** Props of {@link NetNamespaceSwitch}. */
export interface NetNamespaceSwitchProps {
  /** The cluster whose network is OpenShift SDN. */
  readonly cluster: ICluster;
  /** Name of the namespace, which is that of its NetNamespace too. */
  readonly namespaceName: string;
  /** What must be applied before. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Switches multicast on in a namespace of OpenShift SDN, and back to what it was on destroy. By `kubectl`, which the machine that runs
 * Terraform must have: `kubernetes_annotations` asks for server-side apply, which Kubernetes 1.11 of OpenShift 3.11 does not
 * know, and would not wait for the NetNamespace, which OpenShift makes some time after its namespace.
 */
export class NetNamespaceSwitch extends Construct {
  /** The `terraform_data`. */
  public readonly resource: DataResource;

  public constructor(scope: Construct, id: string, { cluster, namespaceName, dependsOn }: NetNamespaceSwitchProps) {
    super(scope, id);
    const input = {
      LAB_KUBECONFIG: literalText(cluster.kubeconfigPath),
      LAB_CONTEXT: literalText(cluster.kubeconfigContext ?? ""),
      LAB_NAMESPACE: literalText(namespaceName),
    };
    const provisioners = (["create", "destroy"] as const).map((when) => provisioner(this, Object.keys(input), when));
    this.resource = new DataResource(this, "Resource", { input, triggersReplace: input, dependsOn, provisioners });
  }
}

/** A destroy step may only name its own resource, so both take everything from there. */
function provisioner(scope: Construct, names: string[], when: "create" | "destroy"): LocalExecProvisioner {
  return {
    type: "local-exec",
    when,
    interpreter: ["bash", `${assetsOf(scope)}/net-namespace.sh`],
    command: when,
    environment: Object.fromEntries(names.map((name) => [name, `\${self.input.${name}}`])),
  };
}

/** The script's path inside the synthesised stack; one copy for each stack. */
function assetsOf(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  const id = "NamespaceSteps";
  const asset =
    (stack.node.tryFindChild(id) as TerraformAsset | undefined) ??
    new TerraformAsset(stack, id, { path: path.join(__dirname, "assets"), type: AssetType.DIRECTORY });
  return `./${asset.path}`;
}
