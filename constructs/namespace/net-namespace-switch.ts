import * as path from "node:path";
import type { ICluster } from "../cluster/cluster";
import { dataResource } from "../private/data-resource";
import { scriptProvisioner, stackAsset } from "../private/script-step";
import { Construct, type DataResource, type ITerraformDependable } from "../private/terraform";
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
    const script = `${stackAsset(this, "NamespaceSteps", path.join(__dirname, "assets"))}/net-namespace.sh`;
    const names = Object.keys(input);
    const provisioners = (["create", "destroy"] as const).map((when) =>
      scriptProvisioner({ script, step: when, when, names }),
    );
    this.resource = dataResource(this, "Resource", { input, triggersReplace: input, dependsOn, provisioners });
  }
}
