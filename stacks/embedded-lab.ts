import * as path from "node:path";
import { ClusterStack } from "./cluster-stack";
import type { InventoryHost, LabInventory } from "./lab-inventory";
import { registeredStack } from "./registry";
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
