import { host } from "./hosts";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

const server = host("192.0.2.11");
const both = host("192.0.2.11", { nodeIps: ["192.0.2.11", "2001:db8::11"] });
const faultsWith = (props: Partial<K3sClusterProps>) =>
  faultsOf(() => new K3sCluster(newStack(), "Cluster", { servers: [server], ...props }));
const dualStack = { clusterCidrs: ["10.42.0.0/16", "fd42::/56"], serviceCidrs: ["10.43.0.0/16", "fd43::/112"] };

const accepted: [string, Partial<K3sClusterProps>][] = [
  ["both families", { servers: [both], ...dualStack }],
  ["IPv6 alone", { servers: [host("2001:db8::11")], clusterCidrs: ["fd42::/56"], serviceCidrs: ["fd43::/112"] }],
  ["a host by name, whose address K3s finds", { servers: [host("k3s-1.example.com")] }],
  ["one node's part as the whole pod network", { clusterCidrs: ["10.42.0.0/24"] }],
  [
    "a smaller part for each node by the controller manager's own flag",
    { clusterCidrs: ["10.42.0.0/25"], serverConfig: { "kube-controller-manager-arg": ["node-cidr-mask-size=26"] } },
  ],
  ["another default network without flannel", { flannelBackend: "none", disableKubeProxy: true }],
];
test.each(accepted)("%s", (_, props) => expect(faultsWith(props)).toEqual([]));

const cases: [string, string, Partial<K3sClusterProps>][] = [
  ["the pod network has host bits", "clusterCidrs[0] must be a network", { clusterCidrs: ["10.42.0.1/16"] }],
  ["the Service network is none", "serviceCidrs[0] must be a network", { serviceCidrs: ["10.43.0.0"] }],
  ["there is no pod network", "clusterCidrs must hold one network, or one of each family", { clusterCidrs: [] }],
  [
    "there are two of one family",
    "serviceCidrs must hold one network, or one of each family",
    { serviceCidrs: ["10.43.0.0/16", "10.44.0.0/16"] },
  ],
  [
    "IPv6 comes first",
    "clusterCidrs must hold one network, or one of each family with IPv4 first",
    { ...dualStack, clusterCidrs: ["fd42::/56", "10.42.0.0/16"] },
  ],
  [
    "Services lack a family",
    "serviceCidrs must be of the families of clusterCidrs",
    { ...dualStack, servers: [both], serviceCidrs: ["10.43.0.0/16"] },
  ],
  ["the networks overlap", "serviceCidrs[0] must not overlap clusterCidrs[0]", { serviceCidrs: ["10.42.128.0/17"] }],
  [
    "a host lies in the pod network",
    "clusterCidrs[0] must not contain the host 192.0.2.11",
    { clusterCidrs: ["192.0.2.0/24"] },
  ],
  [
    "a host's second address lies in the Service network",
    "serviceCidrs[1] must not contain the host 2001:db8::11",
    { ...dualStack, servers: [both], serviceCidrs: ["10.43.0.0/16", "2001:db8::/112"] },
  ],
  [
    "the pod network is too small for the nodes",
    "clusterCidrs[0] must have a /24 for each of the 2 nodes",
    { clusterCidrs: ["10.42.0.0/24"], agents: [host("192.0.2.12")] },
  ],
  ["the Service network is too wide", "serviceCidrs[0] must be from /12 to /28", { serviceCidrs: ["11.0.0.0/11"] }],
  [
    "the IPv6 Service network is too wide",
    "serviceCidrs[1] must be from /108 to /124",
    { ...dualStack, servers: [both], serviceCidrs: ["10.43.0.0/16", "fd43::/64"] },
  ],
  [
    "a host lacks an address of a family",
    "servers[0].nodeIps must hold one address of each family of clusterCidrs (IPv4, IPv6)",
    dualStack,
  ],
  [
    "a host has addresses of another family",
    "servers[0].nodeIps must hold one address of each family of clusterCidrs (IPv4)",
    { servers: [host("2001:db8::11")] },
  ],
  [
    "two hosts share an address",
    "agents[0].nodeIps must differ from that of servers[0]",
    { agents: [host("k3s-2.example.com", { nodeIps: ["192.0.2.11"] })] },
  ],
  ["the interface name is too long", "flannelInterface must", { flannelInterface: "interface-too-long" }],
  ["the back-end is unknown", "flannelBackend must be one of", { flannelBackend: "ipsec" as "none" }],
  [
    "flannel has an interface where there is no flannel",
    "flannelInterface must not be given with flannelBackend none",
    { flannelBackend: "none", flannelInterface: "eth0" },
  ],
  [
    "another default network is told while flannel makes it",
    "clusterNetwork.type must be flannel with flannelBackend vxlan",
    { clusterNetwork: { type: "ovn-kubernetes" } },
  ],
  [
    "flannel is told while there is none",
    "clusterNetwork.type must not be flannel with flannelBackend none",
    { flannelBackend: "none", clusterNetwork: { type: "flannel" } },
  ],
];
test.each(cases)("fails if %s", (_, fault, props) => {
  expect(faultsWith(props)).toEqual([expect.stringContaining(`[lab/Cluster] ${fault}`)]);
});
