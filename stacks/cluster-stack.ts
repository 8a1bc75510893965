import { keepState } from "./local-state";
import type { ICluster } from "../constructs/cluster/cluster";
import { K3sCluster } from "../constructs/cluster/k3s-cluster";
import type { K3sClusterProps } from "../constructs/cluster/k3s-cluster-props";
import { TerraformStack, type Construct } from "../constructs/private/terraform";
import { checkShape } from "../constructs/private/shape";

/** Props of {@link ClusterStack}: those of the cluster, and where the stack's state lies. */
export interface ClusterStackProps extends K3sClusterProps {
  /**
   * File that keeps this stack's Terraform state (path on the machine that runs Terraform). A backend of the user's own in the stack,
   * such as `S3Backend`, takes its place.
   *
   * @default - `terraform.<stack>.tfstate` in the current directory, as CDKTF has it
   */
  readonly statePath?: string;
}

/** K3s on hosts that are reached by SSH, in a stack of its own: the lab stacks on top need only its kubeconfig. */
export class ClusterStack extends TerraformStack {
  /** The cluster, for the stacks on top. */
  public readonly cluster: ICluster;

  public constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id);
    checkShape(this, "ClusterStackProps", props);
    const { statePath, ...cluster } = props;
    keepState(this, statePath);
    this.cluster = new K3sCluster(this, "Cluster", cluster);
  }
}
