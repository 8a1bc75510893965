import { DefaultNetwork, type CheckedNetwork } from "./checked-network";
import type { MulticastGroup } from "./multicast-group";
import { checkMulticastAcrossNodes, networkTypeOf } from "../cluster/cluster-network-rules";
import { parseAddress } from "../private/ip-range";
import { interfaceName } from "../private/rules";
import type { Faults } from "../private/validate";

/** What a check expects to get through the network. */
export interface ExpectedPath {
  /** Where it is to get through. */
  readonly network: CheckedNetwork;
  /** Where to, and how far. */
  readonly group: MulticastGroup;
  /** Nodes of the sender and of those that must hear it; undefined where the scheduler chooses. */
  readonly nodes: readonly (string | undefined)[];
  /** Whether anybody must hear anything. */
  readonly heard: boolean;
  /** Whether the sender chooses its interface itself. */
  readonly bindToInterface?: boolean;
}

/** Adds why the network cannot carry what is expected of it. */
export function checkPath(faults: Faults, path: ExpectedPath): void {
  if (path.network instanceof DefaultNetwork) checkDefaultNetwork(faults, path, path.network);
  else if (!path.group.isIpv4) checkIpv6Sender(faults, path);
  else if (!path.network.hasMulticastRoute && !path.bindToInterface)
    faults.add("network", path.network.networkName, {
      must: "give its pods a route for 224.0.0.0/4, else datagrams leave by the cluster network",
      use: "multicastRoute: true on the network, or a sender with bindToInterface: true",
    });
}

/** The kernel's own routes ff00::/8, one for each interface, stand in a table that is looked up before any of ours. */
function checkIpv6Sender(faults: Faults, { bindToInterface }: ExpectedPath): void {
  if (bindToInterface === false)
    faults.add("sender.bindToInterface", false, {
      must: "be true with IPv6: no route can lead a group to the attached interface",
      use: "true, or leave it out",
    });
}

function checkDefaultNetwork(faults: Faults, { group, nodes, heard }: ExpectedPath, network: DefaultNetwork): void {
  const { namespace } = network;
  faults.check("network.interfaceName", network.interfaceName, interfaceName);
  if (!heard) return;
  const type = networkTypeOf(namespace.cluster);
  if (type === "flannel")
    faults.add("network", network.networkName, {
      must: "be one that carries multicast; flannel does not (https://github.com/flannel-io/flannel/issues/179)",
      use: "an attached network such as MacvlanNetwork",
    });
  const needsSwitch = type === "ovn-kubernetes" || type === "openshift-sdn";
  if (needsSwitch && namespace.multicastSwitch === "none")
    faults.add("network", network.networkName, {
      must: `have multicast switched on in the namespace ${namespace.namespaceName}`,
      use: `multicastSwitch: "${type}" on the namespace, or receivers that must be silent`,
    });
  const places = nodes.filter((node) => node !== undefined);
  checkMulticastAcrossNodes(faults, "network", namespace.cluster, places);
  if (type === "ovn-kubernetes") checkOvnGroup(faults, group, new Set(places).size > 1);
}

/** Adds what OVN-Kubernetes does not carry. */
function checkOvnGroup(faults: Faults, group: MulticastGroup, crossesNodes: boolean): void {
  const address = parseAddress(group.address);
  if (address?.family === 6 && ((address.value >> 116n) & 1n) === 0n)
    faults.add("group.address", group.address, {
      must: "have the T bit set (ff1x::/16 or ff3x::/16): OVN-Kubernetes carries no other IPv6 groups",
      use: 'a group like "ff15::1:1"',
    });
  if (group.ttl === 1 && crossesNodes)
    faults.add("group.ttl", group.ttl, {
      must: "be above 1: OVN-Kubernetes routes between nodes, and each router takes one",
      use: "64, as OpenShift's documentation has it",
    });
}
