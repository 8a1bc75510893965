import { z } from "zod";
import type { ClusterNode, CniPaths } from "../../constructs/cluster/cluster";
import type { ExistingClusterAttributes } from "../../constructs/cluster/existing-cluster";
import { k3sVersion } from "../../constructs/cluster/k3s-release";
import { cidr } from "../../constructs/private/ip-rules";
import { dns1123Subdomain, interfaceName } from "../../constructs/private/rules";
import { clusterNetwork } from "./cluster-network-section";
import { k3sSection } from "./k3s-section";
import { oneWayOf, text, type FileLeaves } from "./leaves";
import { objectOf } from "./plain";

/** The part of a configuration file that names the cluster: one to make, or one that exists. */
export function clusterSection(leaves: FileLeaves) {
  return oneWayOf({
    k3s: k3sSection(leaves).optional().describe("K3s, put on hosts that are reached by SSH."),
    existing: existing(leaves).optional().describe("A cluster that somebody else made and removes."),
  });
}

/** What {@link clusterSection} reads. */
export type ClusterConfig = z.output<ReturnType<typeof clusterSection>>;

function existing({ path }: FileLeaves) {
  const node = objectOf<ClusterNode>("ClusterNode")({
    name: text(dns1123Subdomain),
    role: z.enum(["server", "agent"]),
  });
  // Paths on the nodes, not on this machine.
  const cniPaths = objectOf<CniPaths>("CniPaths")({ confDir: z.string(), binDir: z.string() });
  return objectOf<ExistingClusterAttributes>("ExistingClusterAttributes")({
    kubeconfigPath: path,
    kubeconfigContext: z.string().optional(),
    nodes: z.array(node),
    distribution: z.enum(["k3s", "openshift", "kubernetes"]).optional(),
    k3sVersion: text(k3sVersion).optional(),
    cniPaths: cniPaths.optional(),
    clusterCidrs: z.array(text(cidr)).optional(),
    serviceCidrs: z.array(text(cidr)).optional(),
    nodeCidrs: z.array(text(cidr)).optional(),
    managementInterfaces: z.array(text(interfaceName)).optional(),
    clusterNetwork: clusterNetwork.optional(),
  });
}
