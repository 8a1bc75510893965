import { nodes, sample, type Sample } from "./sample";
import * as library from "../../constructs";
import type { TerraformStack } from "../../constructs/private/terraform";
import { digest } from "../constructs/cluster/steps";
import { host, HOST_KEY } from "../constructs/cluster/hosts";

const clusterNetwork = {
  type: "ovn-kubernetes" as const,
  openshiftVersion: "4.16",
  joinSubnets: ["100.65.0.0/16"],
  transitSubnets: ["100.89.0.0/16"],
  masqueradeSubnets: ["169.254.170.0/29"],
};

function used(stack: TerraformStack, cluster: library.ICluster): void {
  new library.MulticastNamespace(stack, "Used", { cluster, namespaceName: "used" });
}

const existing: readonly Sample[] = [
  sample(
    "ExistingClusterAttributes",
    {
      kubeconfigPath: "/etc/kubeconfig",
      kubeconfigContext: "crc",
      nodes,
      distribution: "k3s" as const,
      k3sVersion: "v1.34.4+k3s1",
      cniPaths: { confDir: "/x/agent/etc/cni/net.d", binDir: "/x/data/cni" },
      clusterCidrs: ["10.42.0.0/16"],
      serviceCidrs: ["10.43.0.0/16"],
      nodeCidrs: ["192.0.2.0/24"],
      managementInterfaces: ["eth0"],
      clusterNetwork: { ...clusterNetwork, interfaces: ["eth9"] },
    },
    (stack, value) => used(stack, library.ExistingCluster.fromKubeconfig(stack, "Cluster", value)),
  ),
  sample(
    "SshHost.of(address)",
    "192.0.2.11",
    (stack, address) => new library.K3sCluster(stack, "Cluster", { servers: [host(address)] }),
  ),
  sample(
    "SshHostOptions",
    {
      user: "root",
      privateKeyPath: "/etc/lab/key",
      hostKey: HOST_KEY,
      nodeName: "server",
      managementInterface: "eth0",
      nodeIps: ["192.0.2.11"],
      nodeLabels: { "example.com/rack": "b" },
      nodeTaints: [{ key: "example.com/media", value: "yes", effect: "NoSchedule" as const }],
    },
    (stack, value) => new library.K3sCluster(stack, "Cluster", { servers: [library.SshHost.of("192.0.2.11", value)] }),
  ),
];

const k3s: readonly Sample[] = [
  sample(
    "K3sClusterProps",
    {
      servers: [host("192.0.2.11")],
      agents: [host("192.0.2.12")],
      release: {
        version: "v1.34.4+k3s1",
        binary: { path: "/cache/k3s", sha256: digest("a") },
        architecture: "x86_64" as const,
      },
      imageArchives: [{ url: "https://mirror.example.com/more.tgz", sha256: digest("b") }],
      clusterCidrs: ["10.52.0.0/16"],
      serviceCidrs: ["10.53.0.0/16"],
      flannelBackend: "host-gw" as const,
      flannelInterface: "eth9",
      clusterNetwork: { type: "flannel" as const },
      registries: {
        mirrors: { "docker.io": { endpoint: ["https://mirror.example.com"], rewrite: { "^a/(.*)": "b/$1" } } },
        configs: {
          "mirror.example.com": {
            auth: { username: "lab", passwordPath: "/secrets/password" },
            tls: { caPath: "/tls/ca.pem", certPath: "/tls/cert.pem", keyPath: "/tls/key.pem" },
          },
        },
      },
      serverConfig: { "kube-apiserver-arg": ["v=2"] },
      agentConfig: { "kubelet-arg": ["max-pods=50"] },
      disable: ["traefik"],
      tlsSans: ["lab.example.com"],
      labName: "media",
      stateDirectory: "/var/lib/lab",
    },
    (stack, value) => new library.K3sCluster(stack, "Cluster", value),
  ),
];

export const clusterSamples: readonly Sample[] = [...existing, ...k3s];
