import * as path from "node:path";
import { ClusterStack } from "./cluster-stack";
import type { InventoryHost, LabInventory } from "./lab-inventory";
import { LabStack } from "./lab-stack";
import { SshHost } from "../constructs/cluster/ssh-host";
import type { Construct } from "../constructs/private/terraform";

/** The two stacks of the lab on one machine: K3s on its hosts, and the lab on their data interface. */
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
  const labStack = new LabStack(scope, "lab", {
    statePath: path.join(stateDirectory, "lab.tfstate"),
    cluster: clusterStack.cluster,
    // The schema of the inventory asks for a server, and the embedded hosts are all alike.
    master: server?.dataInterface ?? "eth1",
    range: podRange(inventory.dataSubnet),
    probeImage: images.probe,
    multusImage: images.multus,
  });
  labStack.addDependency(clusterStack);
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

/** The upper addresses of the data network; the lower ones stay free for the hosts outside the cluster. */
function podRange(subnet: string): { subnet: string; rangeStart: string; rangeEnd: string } {
  const prefix = subnet.slice(0, subnet.lastIndexOf("."));
  return { subnet, rangeStart: `${prefix}.50`, rangeEnd: `${prefix}.199` };
}
