import type { ICluster } from "../cluster/cluster";
import type { IConstruct, ITerraformDependable } from "../private/terraform";

/** A Kubernetes namespace that networks and verification pods are put into: one we make, or one that exists. */
export interface INamespace extends IConstruct {
  /** Name of the Namespace object. */
  readonly namespaceName: string;
  /** The cluster it lies in. */
  readonly cluster: ICluster;
  /** What must be applied before an object is put into the namespace; empty for one that exists. */
  readonly ready: ITerraformDependable[];
}
