import {
  AdoptedNamespace,
  ClusterProxy,
  ExistingCluster,
  Ipam,
  MacvlanNetwork,
  MulticastNamespace,
  NetworkOperator,
  NodeNetworkPolicy,
  NodeNetworkState,
  OpenShiftCluster,
  SdnToOvnMigration,
  type OpenShiftClusterAttributes,
} from "../constructs";
import { TerraformStack, type Construct } from "../constructs/private/terraform";

const attributes: OpenShiftClusterAttributes = {
  kubeconfigPath: "/kubeconfig",
  nodes: [
    { name: "worker-1", role: "agent" },
    { name: "worker-2", role: "agent" },
  ],
};

/** The constructs for OpenShift, those of each version in a stack. */
export function everyOpenShift(scope: Construct): TerraformStack[] {
  return [
    openShift3(new TerraformStack(scope, "openshift-3")),
    openShift4(new TerraformStack(scope, "openshift-4")),
    migration(new TerraformStack(scope, "openshift-migration")),
    installation(new TerraformStack(scope, "openshift-installation")),
  ];
}

/** OpenShift 3.11, whose switch for multicast is not on the namespace. */
function openShift3(stack: TerraformStack): TerraformStack {
  const cluster = ExistingCluster.fromKubeconfig(stack, "Cluster", {
    kubeconfigPath: "/kubeconfig",
    distribution: "openshift",
    clusterNetwork: { type: "openshift-sdn" },
    nodes: [{ name: "node-1", role: "server" }],
  });
  new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" });
  new AdoptedNamespace(stack, "Adopted", { cluster, namespaceName: "adopted" });
  return stack;
}

function openShift4(stack: TerraformStack): TerraformStack {
  const cluster = OpenShiftCluster.fromKubeconfig(stack, "Cluster", attributes);
  new ClusterProxy(stack, "Proxy", { cluster, httpProxy: "http://192.0.2.1:3128", trustBundlePath: "/trust.pem" });
  const multus = new NetworkOperator(stack, "Operator", { cluster });
  const namespace = new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" });
  const state = NodeNetworkState.vlan({ baseInterface: "ens4", id: 120 });
  new NodeNetworkPolicy(stack, "Vlan", { cluster, state });
  new MacvlanNetwork(stack, "Plane", {
    multus,
    namespace,
    master: "ens4.120",
    ipam: Ipam.hostLocal({ subnet: "10.20.0.0/24" }),
  });
  return stack;
}

function migration(stack: TerraformStack): TerraformStack {
  const cluster = OpenShiftCluster.fromKubeconfig(stack, "Cluster", {
    ...attributes,
    version: "4.16.43",
    networkType: "openshift-sdn",
  });
  new SdnToOvnMigration(stack, "Migration", { cluster, acceptsOneWay: true });
  return stack;
}

function installation(stack: TerraformStack): TerraformStack {
  new OpenShiftCluster(stack, "Cluster", {
    version: "4.18.9",
    baseDomain: "example.com",
    clusterName: "lab",
    platform: { none: {} },
    pullSecretPath: "/pull-secret.json",
    stateDirectory: "/var/lib/lab",
  });
  return stack;
}
