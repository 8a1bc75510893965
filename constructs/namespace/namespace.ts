import type { ICluster } from "../cluster/cluster";
import type { MulticastSwitch } from "./multicast-switch";
import type { IConstruct, ITerraformDependable } from "../private/terraform";

/** A Kubernetes namespace that networks and verification pods are put into: one we make, or one that exists. */
export interface INamespace extends IConstruct {
  /** Name of the Namespace object. */
  readonly namespaceName: string;
  /** The cluster it lies in. */
  readonly cluster: ICluster;
  /** How multicast is switched on in the cluster's own network; undefined where that is not known. */
  readonly multicastSwitch?: MulticastSwitch;
  /** What must be applied before an object is put into the namespace; empty for one that exists. */
  readonly ready: ITerraformDependable[];
}
