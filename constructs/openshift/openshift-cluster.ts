import { AttachedOpenShiftCluster, type OpenShiftClusterAttributes } from "./attached-cluster";
import type { Construct } from "../private/terraform";

/** OpenShift 4. */
export class OpenShiftCluster {
  /**
   * An OpenShift 4 that exists. What is declared of it is compared with what the cluster says at each plan and apply.
   *
   * @throws ValidationError with all faults of the attributes.
   */
  public static fromKubeconfig(
    scope: Construct,
    id: string,
    attributes: OpenShiftClusterAttributes,
  ): AttachedOpenShiftCluster {
    return new AttachedOpenShiftCluster(scope, id, attributes);
  }
}
