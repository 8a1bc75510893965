import { z } from "zod";
import type { ClusterNode, CniPaths } from "../../constructs/cluster/cluster";
import type { ExistingClusterAttributes } from "../../constructs/cluster/existing-cluster";
import type { OpenShiftClusterAttributes } from "../../constructs/openshift/attached-cluster";
import { k3sVersion } from "../../constructs/cluster/k3s-release";
import { cidr } from "../../constructs/private/ip-rules";
import { dns1123Subdomain, interfaceName } from "../../constructs/private/rules";
import { clusterNetwork } from "./cluster-network-section";
import { k3sSection, nodeTaint } from "./k3s-section";
import { oneWayOf, text, type FileLeaves } from "./leaves";
import { objectOf } from "./plain";

/** The part of a configuration file that names the cluster: one to make, or one that exists. */
export function clusterSection(leaves: FileLeaves) {
  return oneWayOf({
    k3s: k3sSection(leaves).optional().describe("K3s, put on hosts that are reached by SSH."),
    openshift: openshift(leaves)
      .optional()
      .describe("An OpenShift 4 that exists, held against what is declared of it at each deploy."),
    existing: existing(leaves).optional().describe("A cluster that somebody else made and removes."),
  });
}

/** What {@link clusterSection} reads. */
export type ClusterConfig = z.output<ReturnType<typeof clusterSection>>;

const nodes = z.array(
  objectOf<ClusterNode>("ClusterNode")({
    name: text(dns1123Subdomain),
    role: z.enum(["server", "agent"]),
    taints: z.array(nodeTaint).optional(),
  }),
);
const cidrs = z.array(text(cidr)).optional();
const managementInterfaces = z.array(text(interfaceName)).optional();

function openshift({ path }: FileLeaves) {
  return objectOf<OpenShiftClusterAttributes>("OpenShiftClusterAttributes")({
    kubeconfigPath: path,
    kubeconfigContext: z.string().optional(),
    nodes,
    version: z.string().optional(),
    networkType: z.enum(["ovn-kubernetes", "openshift-sdn"]).optional(),
    clusterCidrs: cidrs,
    serviceCidrs: cidrs,
    joinSubnets: cidrs,
    transitSubnets: cidrs,
    masqueradeSubnets: cidrs,
    managementInterfaces,
  });
}

function existing({ path }: FileLeaves) {
  // Paths on the nodes, not on this machine.
  const cniPaths = objectOf<CniPaths>("CniPaths")({ confDir: z.string(), binDir: z.string() });
  return objectOf<ExistingClusterAttributes>("ExistingClusterAttributes")({
    kubeconfigPath: path,
    kubeconfigContext: z.string().optional(),
    nodes,
    distribution: z.enum(["k3s", "openshift", "kubernetes"]).optional(),
    k3sVersion: text(k3sVersion).optional(),
    cniPaths: cniPaths.optional(),
    clusterCidrs: cidrs,
    serviceCidrs: cidrs,
    nodeCidrs: cidrs,
    managementInterfaces,
    clusterNetwork: clusterNetwork.optional(),
  });
}
