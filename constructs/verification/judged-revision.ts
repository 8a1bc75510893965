import type { ICluster } from "../cluster/cluster";
import { clusterRevision } from "../cluster/cluster-revision";
import { Revision } from "../private/revision";
import type { Waiting } from "../private/resource-graph";
import type { Construct } from "../private/terraform";

/**
 * The revision of what a pod or workload of a check is made on: the cluster, and everything that it waits for. A pod takes its interfaces
 * once, when it starts, and a verdict is about what was there when it was made; with another revision both are made anew.
 */
export function judgedRevision(
  scope: Construct,
  cluster: ICluster,
  resource: () => Waiting,
  id = "Revision",
): Revision {
  const also = () => ({ cluster: clusterRevision(cluster) });
  return Revision.ofDependenciesOf(scope, id, resource, also);
}
