import * as path from "node:path";
import { ExistingCluster, type ExistingClusterAttributes } from "../../../constructs/cluster/existing-cluster";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

const minimal: ExistingClusterAttributes = {
  kubeconfigPath: "kubeconfig",
  nodes: [{ name: "node-1", role: "server" }],
};
const build = (attributes: ExistingClusterAttributes) =>
  ExistingCluster.fromKubeconfig(newStack(), "Cluster", attributes);

test("kubeconfig and nodes are enough", () => {
  expect(build(minimal)).toMatchObject({
    distribution: "kubernetes",
    kubeconfigPath: path.resolve("kubeconfig"),
    kubeconfigContext: undefined,
    nodes: minimal.nodes,
    cniPaths: { confDir: "/etc/cni/net.d", binDir: "/opt/cni/bin" },
    clusterCidrs: [],
    serviceCidrs: [],
    managementInterfaces: [],
  });
});

test("all attributes are kept", () => {
  const attributes: Required<ExistingClusterAttributes> = {
    kubeconfigPath: "/etc/kubeconfig",
    kubeconfigContext: "crc/admin",
    nodes: [
      { name: "node-1.example.com", role: "server" },
      { name: "node-2.example.com", role: "agent" },
    ],
    distribution: "k3s",
    cniPaths: { confDir: "/a/b", binDir: "/c/d" },
    clusterCidrs: ["10.42.0.0/16", "fd00:42::/56"],
    serviceCidrs: ["10.43.0.0/16"],
    managementInterfaces: ["eth0"],
    clusterNetwork: { type: "other" },
  };
  expect(build(attributes)).toMatchObject(attributes);
});

test.each([
  ["k3s", "/var/lib/rancher/k3s/data/cni"],
  ["openshift", "/var/lib/cni/bin"],
] as const)("the CNI directories of %s are its own", (distribution, binDir) => {
  expect(build({ ...minimal, distribution }).cniPaths.binDir).toBe(binDir);
});

test.each<[string, string, Partial<ExistingClusterAttributes>]>([
  ["the path is an option", "kubeconfigPath must", { kubeconfigPath: "-x" }],
  ["the context is an expression", "kubeconfigContext must", { kubeconfigContext: "${path.module}" }],
  ["there is no node", "nodes must name at least one node", { nodes: [] }],
  ["a node has no name", "nodes[0].name must", { nodes: [{ name: "", role: "agent" }] }],
  ["a node is named twice", "nodes must name each node once", { nodes: [...minimal.nodes, ...minimal.nodes] }],
  ["a CNI directory is relative", "cniPaths.binDir must", { cniPaths: { confDir: "/a", binDir: "b" } }],
  ["a CNI directory leads upwards", "cniPaths.confDir must", { cniPaths: { confDir: "/a/../b", binDir: "/b" } }],
  ["a pod network is none", "clusterCidrs[0] must", { clusterCidrs: ["10.42.0.0"] }],
  ["a Service network is none", "serviceCidrs[0] must", { serviceCidrs: ["x"] }],
  ["the network is unknown", "clusterNetwork.type must", { clusterNetwork: { type: "calico" as "other" } }],
  [
    "the version is none",
    "clusterNetwork.openshiftVersion must",
    { clusterNetwork: { type: "ovn-kubernetes", openshiftVersion: "latest" } },
  ],
  ...(["joinSubnets", "transitSubnets", "masqueradeSubnets"] as const).map(
    (name): [string, string, Partial<ExistingClusterAttributes>] => [
      `one of the ${name} is none`,
      `clusterNetwork.${name}[0] must`,
      { clusterNetwork: { type: "ovn-kubernetes", [name]: ["x"] } },
    ],
  ),
  ["an interface is none", "managementInterfaces[0] must", { managementInterfaces: ["a/b"] }],
])("fails if %s", (_, fault, attributes) => {
  expect(faultsOf(() => build({ ...minimal, ...attributes }))).toEqual([
    expect.stringContaining(`[lab/Cluster] ${fault}`),
  ]);
});
