import type { ICluster } from "./cluster";
import type { ClusterNetwork, ClusterNetworkType } from "./cluster-network";
import { cidr } from "../private/ip-rules";
import { interfaceName, oneOf } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** A network that the cluster uses inside. */
export interface ReservedSubnet {
  /** The network in CIDR notation. */
  readonly cidr: string;
  /** What the cluster uses it as, for error messages. */
  readonly what: string;
}

const types: readonly ClusterNetworkType[] = ["ovn-kubernetes", "openshift-sdn", "flannel", "other"];
const usualTypes = { openshift: "ovn-kubernetes", k3s: "flannel", kubernetes: "other" } as const;

/** Interfaces that each kind of network makes on the nodes and keeps for itself. */
const ownInterfaces: Readonly<Record<ClusterNetworkType, readonly string[]>> = {
  "ovn-kubernetes": ["br-ex", "br-int", "ovn-k8s-mp0"],
  "openshift-sdn": ["br0", "tun0", "vxlan_sys_4789"],
  flannel: ["cni0", "flannel.1"],
  other: [],
};

/** Kind of the cluster's network, also where that was not said. */
export function networkTypeOf(cluster: ICluster): ClusterNetworkType {
  return cluster.clusterNetwork?.type ?? usualTypes[cluster.distribution];
}

/** Interfaces on the nodes that no secondary network may sit on. */
export function interfacesOfCluster(cluster: ICluster): readonly string[] {
  const { managementInterfaces, clusterNetwork } = cluster;
  const own = ownInterfaces[networkTypeOf(cluster)];
  return [...new Set([...managementInterfaces, ...(clusterNetwork?.interfaces ?? []), ...own])];
}

/** Networks that no secondary network may overlap. */
export function reservedSubnets(cluster: ICluster): ReservedSubnet[] {
  const named = (what: string, cidrs: readonly string[]) => cidrs.map((each) => ({ cidr: each, what }));
  const own = [
    ...named("node network", cluster.nodeCidrs ?? []),
    ...named("pod network", cluster.clusterCidrs),
    ...named("service network", cluster.serviceCidrs),
  ];
  if (networkTypeOf(cluster) !== "ovn-kubernetes") return own;
  const network = cluster.clusterNetwork;
  const masquerade = ["169.254.169.0/29", "fd69::/125"];
  if (minorOf(cluster) >= 17) masquerade.push("169.254.0.0/17", "fd69::/112");
  return [
    ...own,
    ...named("join network", network?.joinSubnets ?? ["100.64.0.0/16", "fd98::/64"]),
    ...named("transit network", network?.transitSubnets ?? ["100.88.0.0/16", "fd97::/64"]),
    ...named("masquerade network", network?.masqueradeSubnets ?? masquerade),
  ];
}

/**
 * Adds a fault where pods on several nodes would multicast over a cluster network that cannot do it: OVN-Kubernetes of
 * OpenShift 4.3 to 4.5 (https://bugzilla.redhat.com/show_bug.cgi?id=1843695).
 */
export function checkMulticastAcrossNodes(
  faults: Faults,
  field: string,
  cluster: ICluster,
  nodes: readonly string[],
): void {
  const minor = minorOf(cluster);
  const several = [...new Set(nodes)];
  if (networkTypeOf(cluster) !== "ovn-kubernetes" || minor < 3 || minor > 5 || several.length < 2) return;
  faults.add(field, several, {
    must: `be one node: on OpenShift ${cluster.clusterNetwork?.openshiftVersion} the cluster network carries no multicast between nodes (BZ#1843695)`,
    use: "OpenShift 4.6 or later, an attached network, or pods on one node",
  });
}

/** Number behind `4.`; larger than all where the version is not known, smaller for OpenShift 3. */
function minorOf(cluster: ICluster): number {
  const version = cluster.clusterNetwork?.openshiftVersion;
  if (version === undefined) return Infinity;
  return version.startsWith("4.") ? Number(version.split(".")[1]) : -1;
}

const openshiftVersion: Rule<string> = (value) =>
  /^(3\.[0-9]{1,2}|4\.[0-9]{1,2})(\.[0-9]{1,3})?$/.test(value)
    ? undefined
    : { must: "be a version of OpenShift 3 or 4", use: 'a version like "4.16.43" or "3.11"' };

/** Adds what is wrong with what was said of the cluster's network. */
export function checkClusterNetwork(faults: Faults, field: string, network: ClusterNetwork): void {
  faults
    .check(`${field}.type`, network.type, oneOf(types))
    .check(`${field}.openshiftVersion`, network.openshiftVersion, openshiftVersion);
  network.interfaces?.forEach((name, index) => faults.check(`${field}.interfaces[${index}]`, name, interfaceName));
  for (const name of ["joinSubnets", "transitSubnets", "masqueradeSubnets"] as const)
    network[name]?.forEach((text, index) => faults.check(`${field}.${name}[${index}]`, text, cidr));
}
