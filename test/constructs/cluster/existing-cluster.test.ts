import * as path from "node:path";
import { ExistingCluster, type ExistingClusterAttributes } from "../../../constructs/cluster/existing-cluster";
import { k3sCniPaths } from "../../../constructs/cluster/k3s-release";
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
    k3sVersion: "v1.30.4+k3s1",
    cniPaths: { confDir: "/data/k3s/agent/etc/cni/net.d", binDir: "/data/k3s/data/current/bin" },
    clusterCidrs: ["10.42.0.0/16", "fd00:42::/56"],
    serviceCidrs: ["10.43.0.0/16"],
    nodeCidrs: ["192.0.2.0/24"],
    managementInterfaces: ["eth0"],
    clusterNetwork: { type: "other" },
  };
  const { k3sVersion, ...kept } = attributes;
  expect(build(attributes)).toMatchObject(kept);
  expect(k3sCniPaths(k3sVersion).binDir).toBe("/var/lib/rancher/k3s/data/current/bin");
});

test.each([
  ["v1.30.5+k3s1", "/var/lib/rancher/k3s/data/current/bin"],
  ["v1.30.6+k3s1", "/var/lib/rancher/k3s/data/cni"],
])("the CNI directory of K3s %s is %s", (version, binDir) => {
  expect(build({ ...minimal, distribution: "k3s", k3sVersion: version }).cniPaths.binDir).toBe(binDir);
});

test("K3s leaves the CNI directories to containerd where another program makes the default network", () => {
  const cluster = build({ ...minimal, distribution: "k3s", clusterNetwork: { type: "ovn-kubernetes" } });
  expect(cluster.cniPaths).toEqual({ confDir: "/etc/cni/net.d", binDir: "/opt/cni/bin" });
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
  [
    "K3s' container runtime does not read the directory",
    "cniPaths.binDir must end in /data/cni",
    { distribution: "k3s", cniPaths: { confDir: "/x/agent/etc/cni/net.d", binDir: "/opt/cni/bin" } },
  ],
  [
    "the directory is that of another version of K3s",
    "cniPaths.binDir must end in /data/current/bin",
    {
      distribution: "k3s",
      k3sVersion: "v1.31.1+k3s1",
      cniPaths: { confDir: "/x/agent/etc/cni/net.d", binDir: "/x/data/cni" },
    },
  ],
  ["the version is none of K3s", "k3sVersion must be a K3s version", { distribution: "k3s", k3sVersion: "1.30" }],
  ["there is a version of K3s on another cluster", "k3sVersion must be left out", { k3sVersion: "v1.30.4+k3s1" }],
  ["a node network is none", "nodeCidrs[0] must", { nodeCidrs: ["192.0.2.1/24"] }],
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
