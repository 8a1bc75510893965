import { nodes, sample, type Sample } from "./sample";
import * as library from "../../constructs";
import type { TerraformStack } from "../../constructs/private/terraform";
import { TestCluster } from "../helpers/test-cluster";

export const openshiftSamples: readonly Sample[] = [
  sample(
    "OpenShiftClusterAttributes",
    {
      kubeconfigPath: "/etc/kubeconfig",
      kubeconfigContext: "crc/admin",
      nodes,
      version: "4.16",
      networkType: "ovn-kubernetes" as const,
      clusterCidrs: ["10.0.0.0/14"],
      serviceCidrs: ["172.31.0.0/16"],
      joinSubnets: ["100.65.0.0/16"],
      transitSubnets: ["100.89.0.0/16"],
      masqueradeSubnets: ["169.254.170.0/29"],
      managementInterfaces: ["ens3"],
    },
    (stack, value) => clusterUser(stack, library.OpenShiftCluster.fromKubeconfig(stack, "Cluster", value)),
  ),
  sample(
    "OpenShiftClusterProps",
    {
      version: "4.18.9",
      baseDomain: "example.com",
      clusterName: "lab",
      platform: { none: {} },
      pullSecretPath: "/secrets/pull",
      sshPublicKeyPath: "/secrets/key.pub",
      machineNetwork: ["192.0.2.0/24"],
      clusterNetwork: [{ cidr: "10.0.0.0/14", hostPrefix: 24 }],
      serviceNetwork: ["172.31.0.0/16"],
      internalJoinSubnet: "100.65.0.0/16",
      internalTransitSwitchSubnet: "100.89.0.0/16",
      internalMasqueradeSubnet: "169.254.168.0/29",
      proxy: {
        httpProxy: "http://proxy.example.com:3128",
        httpsProxy: "http://proxy.example.com:3128",
        noProxy: [".example.com"],
      },
      trustBundlePath: "/secrets/ca.pem",
      installerPath: "/opt/openshift-install",
      nodes,
      managementInterfaces: ["ens3"],
      stateDirectory: "/var/lab",
    },
    (stack, value) => new library.OpenShiftCluster(stack, "Cluster", value),
  ),
  sample(
    "ClusterProxyProps",
    {
      httpProxy: "http://proxy.example.com:3128",
      httpsProxy: "http://proxy.example.com:3128",
      noProxy: [".example.com"],
    },
    (stack, value) => new library.ClusterProxy(stack, "Proxy", { cluster: openshift(stack), ...value }),
  ),
  sample(
    "ClusterProxyProps",
    { httpProxy: "http://proxy.example.com:3128", trustBundlePath: "/etc/pki/ca.pem" },
    (stack, value) => new library.ClusterProxy(stack, "Proxy", { cluster: openshift(stack), ...value }),
  ),
  sample(
    "OpenShiftClusterProps",
    {
      version: "4.18.9",
      baseDomain: "example.com",
      clusterName: "lab",
      platformPath: "/srv/platform.yaml",
      pullSecretPath: "/secrets/pull",
    },
    (stack, value) => new library.OpenShiftCluster(stack, "Cluster", value),
  ),
  sample(
    "NodeNetworkPolicyProps",
    { policyName: "vlan", nodeSelector: { "example.com/nic": "fast" } },
    (stack, value) =>
      new library.NodeNetworkPolicy(stack, "Policy", {
        cluster: openshift(stack),
        state: library.NodeNetworkState.vlan({ baseInterface: "eth1", id: 120 }),
        ...value,
      }),
  ),
  sample("VlanOptions", { baseInterface: "eth1", id: 120 }, (stack, value) =>
    policyOf(stack, library.NodeNetworkState.vlan(value)),
  ),
  sample("LocalnetOptions", { localnet: "media", bridge: "ovs-media", port: "eth1" }, (stack, value) =>
    policyOf(stack, library.NodeNetworkState.localnet(value)),
  ),
  sample(
    "SdnToOvnMigrationProps",
    {
      acceptsOneWay: true as const,
      machineNetwork: ["192.0.2.0/24"],
      internalJoinSubnet: "100.65.0.0/16",
      internalTransitSwitchSubnet: "100.89.0.0/16",
      internalMasqueradeSubnet: "169.254.168.0/29",
      clusterManagerId: "2abc",
    },
    (stack, value) => {
      const cluster = library.OpenShiftCluster.fromKubeconfig(stack, "Cluster", {
        kubeconfigPath: "/etc/kubeconfig",
        nodes,
        version: "4.16.43",
        networkType: "openshift-sdn",
      });
      return new library.SdnToOvnMigration(stack, "Migration", { cluster, ...value });
    },
  ),
];

function openshift(stack: TerraformStack): TestCluster {
  return new TestCluster(stack, "Cluster", "openshift");
}

function policyOf(stack: TerraformStack, state: library.NodeNetworkState): library.NodeNetworkPolicy {
  return new library.NodeNetworkPolicy(stack, "Policy", { cluster: openshift(stack), state });
}

function clusterUser(stack: TerraformStack, cluster: library.ICluster): void {
  new library.MulticastNamespace(stack, "Used", { cluster, namespaceName: "used" });
}
