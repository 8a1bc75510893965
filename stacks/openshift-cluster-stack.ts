import type { ICluster } from "../constructs/cluster/cluster";
import type { OpenShiftClusterAttributes } from "../constructs/openshift/attached-cluster";
import { OpenShiftCluster } from "../constructs/openshift/openshift-cluster";
import { LocalBackend, TerraformStack, type Construct } from "../constructs/private/terraform";

/** Props of {@link OpenShiftClusterStack}. */
export interface OpenShiftClusterStackProps extends OpenShiftClusterAttributes {
  /** File that keeps this stack's Terraform state (path on the machine that runs Terraform). */
  readonly statePath: string;
}

/** An OpenShift that exists, in a stack of its own: it reads the cluster and fails where that differs from what is declared. */
export class OpenShiftClusterStack extends TerraformStack {
  /** The cluster, for the stacks on top. */
  public readonly cluster: ICluster;

  /** @throws ValidationError with all faults of the attributes. */
  public constructor(scope: Construct, id: string, { statePath, ...attributes }: OpenShiftClusterStackProps) {
    super(scope, id);
    new LocalBackend(this, { path: statePath });
    this.cluster = OpenShiftCluster.fromKubeconfig(this, "Cluster", attributes);
  }
}
