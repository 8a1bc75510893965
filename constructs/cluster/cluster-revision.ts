import type { ICluster } from "./cluster";
import { digestOf } from "../private/digest";

/**
 * Another text for a cluster that is declared otherwise. Where its kubeconfig lies is no part of it: the same cluster is reached by
 * another path from another machine.
 */
export function clusterRevision(cluster: ICluster): string {
  const { distribution, kubeconfigContext, nodes, cniPaths, clusterNetwork, revision } = cluster;
  const { clusterCidrs, serviceCidrs, nodeCidrs, managementInterfaces } = cluster;
  const networks = { clusterCidrs, serviceCidrs, nodeCidrs, managementInterfaces, clusterNetwork };
  return digestOf({ distribution, kubeconfigContext, nodes, cniPaths, networks, revision });
}
