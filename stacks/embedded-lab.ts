import * as path from "node:path";
import { ClusterStack } from "./cluster-stack";
import type { InventoryHost, LabInventory } from "./lab-inventory";
import { registeredStack } from "./registry";
import type { K3sClusterProps } from "../constructs/cluster/k3s-cluster-props";
import { SshHost } from "../constructs/cluster/ssh-host";
import type { Construct } from "../constructs/private/terraform";

/**
 * The two stacks of the lab on one machine: K3s on its hosts, and on their data interface the stack that was asked for.
 *
 * @throws Error when the registry has no such stack.
 */
export function embeddedLab(scope: Construct, inventory: LabInventory): void {
  const { stateDirectory, hosts, k3s, images } = inventory;
  const ofRole = (role: InventoryHost["role"]) => hosts.filter((host) => host.role === role);
  const [server] = ofRole("server");
  const clusterStack = new ClusterStack(scope, "cluster", {
    statePath: path.join(stateDirectory, "cluster.tfstate"),
    stateDirectory,
    labName: inventory.labName,
    servers: ofRole("server").map(sshHost),
    agents: ofRole("agent").map(sshHost),
    release: { version: k3s.version, binary: k3s.binary },
    imageArchives: k3s.imageArchives,
    cniPlugins: k3s.cniPlugins,
    ...networkProps(inventory),
  });
  // The schema of the inventory asks for a server with an interface, and the embedded hosts are all alike.
  const [master = "eth1", ...otherMasters] = server?.dataInterfaces ?? [];
  const stack = registeredStack(inventory.stack).make(scope, inventory.stack, {
    cluster: clusterStack.cluster,
    stateDirectory,
    masters: [master, ...otherMasters],
    dataSubnet: inventory.dataSubnet,
    images,
    externals: ofRole("external").map((host) => ({
      name: host.name,
      ssh: sshHost(host),
      dataInterfaces: host.dataInterfaces,
    })),
  });
  stack.addDependency(clusterStack);
}

/**
 * The hosts of such a lab run OVN-Kubernetes, which also serves NetworkPolicies. kube-proxy stays, for the hosts themselves: OVN-Kubernetes
 * sends what they ask of a Service out by br-ex, and the API server is on the management network.
 */
function networkProps({ clusterNetwork, hosts }: LabInventory): Partial<K3sClusterProps> {
  if (clusterNetwork === "flannel") return {};
  const uplinks = hosts.map(({ clusterInterface }) => clusterInterface).filter((name) => name !== undefined);
  return {
    flannelBackend: "none",
    disableNetworkPolicy: true,
    clusterNetwork: { type: clusterNetwork, interfaces: [...new Set(uplinks)] },
  };
}

function sshHost({ name, address, ...host }: InventoryHost): SshHost {
  return SshHost.of(address, {
    nodeName: name,
    user: host.user,
    port: host.port,
    privateKeyPath: host.privateKeyPath,
    hostKey: host.hostKey,
    managementInterface: host.managementInterface,
  });
}
