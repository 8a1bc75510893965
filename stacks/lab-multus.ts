import type { ICluster } from "../constructs/cluster/cluster";
import { Multus, type IMultus } from "../constructs/multus/multus";
import type { Construct } from "../constructs/private/terraform";
import { Faults } from "../constructs/private/validate";

/** Which Multus a lab uses. */
export interface LabMultusProps {
  /**
   * Image of thin Multus, with digest or tag; left out where the cluster's own Multus is used.
   *
   * @default - the default image of {@link Multus}
   */
  readonly multusImage?: string;
  /**
   * Whether the cluster has a Multus, which is used and left as it is: that of another lab, or of somebody else. Two stacks cannot
   * both install one.
   *
   * @default - true on OpenShift, which runs its own, and false elsewhere
   */
  readonly usesExistingMultus?: boolean;
}

/** Whether a stack brings a Multus of its own. */
export function installsMultus({ distribution }: ICluster, { usesExistingMultus }: LabMultusProps): boolean {
  return !(usesExistingMultus ?? distribution === "openshift");
}

/**
 * Installs Multus, or takes that of the cluster.
 *
 * @throws ValidationError when an image is given for a Multus that exists.
 */
export function multusOf(scope: Construct, cluster: ICluster, props: LabMultusProps): IMultus {
  const { multusImage: image } = props;
  if (installsMultus(cluster, props)) return new Multus(scope, "Multus", { cluster, image });
  const faults = new Faults(scope);
  const use = "usesExistingMultus: false, or no image";
  if (image !== undefined)
    faults.add("multusImage", image, { must: "be left out where the cluster's own Multus is used", use });
  faults.throwIfAny();
  return Multus.fromCluster(scope, "Multus", { cluster });
}
