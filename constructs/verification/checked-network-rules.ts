import { DefaultNetwork, type CheckedNetwork } from "./checked-network";
import type { MulticastGroup } from "./multicast-group";
import { checkMulticastAcrossNodes, networkTypeOf } from "../cluster/cluster-network";
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
  else if (!path.network.hasMulticastRoute && !path.bindToInterface)
    faults.add("network", path.network.networkName, {
      must: "give its pods a route for 224.0.0.0/4, else datagrams leave by the cluster network",
      use: "multicastRoute: true on the network, or a sender with bindToInterface: true",
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
  if (type === "ovn-kubernetes" && group.ttl === 1 && new Set(places).size > 1)
    faults.add("group.ttl", group.ttl, {
      must: "be above 1: OVN-Kubernetes routes between nodes, and each router takes one",
      use: "64, as OpenShift's documentation has it",
    });
}
