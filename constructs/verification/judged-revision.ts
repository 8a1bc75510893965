import type { ICluster } from "../cluster/cluster";
import { clusterRevision } from "../cluster/cluster-revision";
import type { Attachment } from "../network/attachment";
import { networkRevision } from "../network/network-revision";
import { Revision } from "../private/revision";
import type { Waiting } from "../private/resource-graph";
import type { Construct } from "../private/terraform";

/** What a pod or workload of a check is made on. */
export interface JudgedRevisionProps {
  /** Its cluster. */
  readonly cluster: ICluster;
  /** The pod or workload, once it is there. */
  readonly resource: () => Waiting;
  /** What it is attached to; nothing where undefined. */
  readonly attachments?: readonly Attachment[];
}

/**
 * The revision of what a pod or workload of a check is made on: the cluster, its networks, and everything that it waits for. A pod takes
 * its interfaces once, when it starts, and a verdict is about what was there when it was made; with another revision both are made anew.
 */
export function judgedRevision(scope: Construct, id: string, props: JudgedRevisionProps): Revision {
  const { cluster, resource, attachments = [] } = props;
  const networks = () => attachments.map(({ network }) => networkRevision(network)).join(" ");
  const also = () => ({
    cluster: clusterRevision(cluster),
    ...cluster.readingsIn?.(scope),
    ...(attachments.length > 0 && { networks: networks() }),
  });
  return Revision.ofDependenciesOf(scope, id, resource, also);
}
