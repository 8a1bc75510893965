import {
  check,
  checkIn,
  checkOnCluster,
  judged,
  NotJudged,
  OF_ITS_OWN,
  usualIpam,
  type JudgedCase,
} from "./judged-cases";
import { host } from "../cluster/hosts";
import { digest } from "../cluster/steps";
import * as library from "../../../constructs";
import type { TerraformStack } from "../../../constructs/private/terraform";
import { TestCluster } from "../../helpers/test-cluster";

const WHERE = new NotJudged("says where something lies, not what it is");
const WAITING = new NotJudged("only how long is waited");
const INSTALLER = new NotJudged("only the installation, which the installer does once");
const nodes = [
  { name: "server", role: "server" as const },
  { name: "agent", role: "agent" as const },
];

const release = { version: "v1.34.4+k3s1", binary: { path: "/cache/k3s", sha256: digest("a") } };
const server = host("192.0.2.11", { nodeName: "server" });

const k3s: readonly JudgedCase[] = [
  judged<library.K3sClusterProps>(
    "K3sClusterProps",
    { servers: [server], release },
    {
      servers: [server, host("192.0.2.13"), host("192.0.2.14")],
      agents: [host("192.0.2.12")],
      release: { ...release, version: "v1.34.3+k3s1" },
      imageArchives: [{ path: "/images.tar", sha256: digest("c") }],
      cniPlugins: { path: "/cni.tgz", sha256: digest("d") },
      clusterCidrs: ["10.52.0.0/16"],
      serviceCidrs: ["10.53.0.0/16"],
      flannelBackend: "host-gw",
      clusterNetwork: { type: "flannel", interfaces: ["eth7"] },
      flannelInterface: "eth7",
      disable: ["traefik"],
      disableKubeProxy: true,
      disableNetworkPolicy: true,
      registries: { mirrors: { "docker.io": { endpoint: ["https://mirror.example.com"] } } },
      serverConfig: { "kube-apiserver-arg": ["v=2"] },
      agentConfig: new NotJudged("a lab without agents; see K3sClusterProps with one"),
      tlsSans: ["lab.example.com"],
      labName: new NotJudged("by what name the hosts know whose they are"),
      stateDirectory: WHERE,
      readyTimeoutSeconds: WAITING,
    },
    (stack, value) => checkOnCluster(stack, new library.K3sCluster(stack, "Cluster", value)),
  ),
  judged<Pick<library.K3sClusterProps, "servers" | "agents" | "agentConfig">>(
    "K3sClusterProps with an agent",
    { servers: [server], agents: [host("192.0.2.12", { nodeName: "agent" })] },
    {
      servers: [host("192.0.2.19", { nodeName: "server" })],
      agents: [host("192.0.2.12", { nodeName: "other" })],
      agentConfig: { "kubelet-arg": ["max-pods=50"] },
    },
    (stack, value) => checkOnCluster(stack, new library.K3sCluster(stack, "Cluster", value)),
  ),
];

const existing: readonly JudgedCase[] = [
  judged<library.ExistingClusterAttributes>(
    "ExistingClusterAttributes",
    { kubeconfigPath: "/kubeconfig", nodes, distribution: "k3s", k3sVersion: "v1.34.4+k3s1" },
    {
      kubeconfigPath: WHERE,
      kubeconfigContext: "other",
      nodes: [...nodes].reverse(),
      distribution: new NotJudged("goes with k3sVersion here; see the case without"),
      k3sVersion: "v1.34.3+k3s1",
      cniPaths: { confDir: "/x/agent/etc/cni/net.d", binDir: "/x/data/cni" },
      clusterCidrs: ["10.42.0.0/16"],
      serviceCidrs: ["10.43.0.0/16"],
      nodeCidrs: ["192.0.2.0/24"],
      managementInterfaces: ["eth7"],
      clusterNetwork: { type: "flannel", interfaces: ["eth8"] },
    },
    (stack, value) => checkOnCluster(stack, library.ExistingCluster.fromKubeconfig(stack, "Cluster", value)),
  ),
  judged<Pick<library.ExistingClusterAttributes, "distribution">>(
    "ExistingClusterAttributes without a version",
    {},
    { distribution: "k3s" },
    (stack, value) => {
      const attributes = { kubeconfigPath: "/kubeconfig", nodes, ...value };
      checkOnCluster(stack, library.ExistingCluster.fromKubeconfig(stack, "Cluster", attributes));
    },
  ),
  judged<library.OpenShiftClusterAttributes>(
    "OpenShiftClusterAttributes",
    { kubeconfigPath: "/kubeconfig", nodes },
    {
      kubeconfigPath: WHERE,
      kubeconfigContext: "other",
      nodes: [...nodes].reverse(),
      version: "4.16",
      networkType: "openshift-sdn",
      clusterCidrs: ["10.0.0.0/14"],
      serviceCidrs: ["172.31.0.0/16"],
      joinSubnets: ["100.65.0.0/16"],
      transitSubnets: ["100.89.0.0/16"],
      masqueradeSubnets: ["169.254.170.0/29"],
      managementInterfaces: ["ens3"],
    },
    (stack, value) => checkOnCluster(stack, library.OpenShiftCluster.fromKubeconfig(stack, "Cluster", value)),
  ),
  judged<library.OpenShiftClusterProps>(
    "OpenShiftClusterProps",
    {
      version: "4.18.9",
      baseDomain: "example.com",
      clusterName: "lab",
      platform: { none: {} },
      pullSecretPath: "/secrets/pull",
      nodes,
    },
    {
      version: "4.18.10",
      installerPath: WHERE,
      nodes: [...nodes].reverse(),
      managementInterfaces: ["ens3"],
      stateDirectory: WHERE,
      baseDomain: INSTALLER,
      clusterName: INSTALLER,
      platform: INSTALLER,
      platformPath: INSTALLER,
      pullSecretPath: INSTALLER,
      sshPublicKeyPath: INSTALLER,
      machineNetwork: INSTALLER,
      clusterNetwork: [{ cidr: "10.132.0.0/14", hostPrefix: 24 }],
      serviceNetwork: ["172.31.0.0/16"],
      internalJoinSubnet: "100.65.0.0/16",
      internalTransitSwitchSubnet: "100.89.0.0/16",
      internalMasqueradeSubnet: "169.254.168.0/29",
      controlPlaneReplicas: INSTALLER,
      computeReplicas: INSTALLER,
      proxy: INSTALLER,
      trustBundlePath: INSTALLER,
      more: INSTALLER,
    },
    (stack, value) => checkOnCluster(stack, new library.OpenShiftCluster(stack, "Cluster", value)),
  ),
];

/** A check on a network of OpenShift's operator, which needs a policy of the nodes. */
function checkOnNodes(stack: TerraformStack, props: Partial<library.NodeNetworkPolicyProps>): void {
  const cluster = new TestCluster(stack, "Cluster", "openshift");
  const multus = new library.NetworkOperator(stack, "Operator", { cluster });
  const namespace = new library.MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" });
  const state = library.NodeNetworkState.vlan({ baseInterface: "ens4", id: 120 });
  const policy = new library.NodeNetworkPolicy(stack, "Vlan", { cluster, state, ...props });
  const ipam = usualIpam;
  const network = new library.MacvlanNetwork(stack, "Plane", { multus, namespace, master: "ens4.120", ipam });
  network.node.addDependency(policy);
  check(stack, network);
}

const openshift: readonly JudgedCase[] = [
  judged<library.NodeNetworkPolicyProps>(
    "NodeNetworkPolicyProps",
    {},
    {
      cluster: OF_ITS_OWN,
      state: library.NodeNetworkState.vlan({ baseInterface: "ens5", id: 120 }),
      policyName: "other",
      nodeSelector: { "example.com/nic": "fast" },
      timeoutSeconds: 481,
    },
    (stack, value) => checkOnNodes(stack, value),
  ),
  judged<library.VlanOptions>(
    "VlanOptions",
    { baseInterface: "ens4", id: 120 },
    { baseInterface: "ens5", id: 121, mtu: 1400 },
    (stack, value) => checkOnNodes(stack, { state: library.NodeNetworkState.vlan(value) }),
  ),
  judged<library.LocalnetOptions>(
    "LocalnetOptions",
    { localnet: "media", bridge: "ovs-media", port: "ens4" },
    { localnet: "other", bridge: "ovs-other", port: "ens5" },
    (stack, value) => checkOnNodes(stack, { state: library.NodeNetworkState.localnet(value) }),
  ),
  judged<Pick<library.MacvlanNetworkProps, "master" | "mtu">>(
    "NetworkOperatorProps",
    {},
    { master: "ens5", mtu: 1400 },
    (stack, value) => {
      const cluster = new TestCluster(stack, "Cluster", "openshift");
      const multus = new library.NetworkOperator(stack, "Operator", { cluster });
      const namespace = new library.MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" });
      const props = { multus, namespace, master: "ens4", ipam: usualIpam };
      check(stack, new library.MacvlanNetwork(stack, "Plane", { ...props, ...value }));
    },
  ),
  judged<{ readonly cluster: string }>("the switch of OpenShift SDN", {}, { cluster: "other" }, (stack, value) => {
    const cluster = library.ExistingCluster.fromKubeconfig(stack, "Cluster", {
      kubeconfigPath: "/kubeconfig",
      kubeconfigContext: value.cluster,
      distribution: "openshift",
      clusterNetwork: { type: "openshift-sdn" },
      nodes,
    });
    checkIn(stack, new library.MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" }));
  }),
];

export const clusterCases = [...k3s, ...existing, ...openshift];
