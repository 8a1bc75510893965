import type { LabInventory } from "../../stacks/lab-inventory";
import { registeredStack } from "../../stacks/registry";

const DIGEST = "a".repeat(64);
const HOST_KEY = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)}`;

/** The inventory of an embedded lab with a stack of the registry and the hosts that it asks for. */
export function inventoryFor(stack: string): LabInventory {
  const { hosts, clusterNetwork = "flannel" } = registeredStack(stack);
  const { servers, agents, externals, planes } = hosts;
  const roles = [
    ...Array<"server">(servers).fill("server"),
    ...Array<"agent">(agents).fill("agent"),
    ...Array<"external">(externals).fill("external"),
  ];
  return {
    labName: "test",
    stack,
    stateDirectory: "/var/lib/multicast-lab/labs/test/state",
    hosts: roles.map((role, index) => ({
      name: `${role}-${index}`,
      role,
      address: `198.18.0.${11 + index}`,
      port: 22,
      user: "root",
      privateKeyPath: "/var/lib/multicast-lab/labs/test/ssh/id_ed25519",
      hostKey: HOST_KEY,
      managementInterface: "eth0",
      dataInterfaces: Array.from({ length: planes }, (_, plane) => `eth${plane + 1}`),
      ...(clusterNetwork === "ovn-kubernetes" && role !== "external" && { clusterInterface: "cluster0" }),
    })),
    dataSubnet: "198.19.0.0/24",
    clusterNetwork,
    k3s: {
      version: "v1.34.4+k3s1-embedded",
      binary: { path: "/cache/k3s", sha256: DIGEST },
      imageArchives: [{ path: "/cache/probe.tar", sha256: DIGEST }],
      cniPlugins: { path: "/cache/cni.tgz", sha256: DIGEST },
    },
    images: { probe: `lab.local/probe:1@sha256:${DIGEST}`, multus: `lab.local/multus:1@sha256:${DIGEST}` },
  };
}
