import { host } from "./hosts";
import { digest } from "./steps";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";

/** Every prop. */
export const allProps: Required<K3sClusterProps> = {
  servers: [
    host("192.0.2.11", {
      nodeName: "server",
      managementInterface: "eth0",
      nodeIps: ["192.0.2.11", "2001:db8::11"],
    }),
  ],
  agents: [
    host("2001:db8::12", {
      nodeName: "agent",
      nodeIps: ["192.0.2.12", "2001:db8::12"],
      nodeLabels: { "example.com/rack": "b" },
      nodeTaints: [
        { key: "example.com/media", value: "yes", effect: "NoSchedule" },
        { key: "slow", effect: "PreferNoSchedule" },
      ],
      managementInterface: "ens3",
      user: "lab",
      port: 2222,
      privateKeyPath: "~/key",
    }),
  ],
  release: { version: "v1.34.4+k3s1", binary: { path: "/cache/k3s", sha256: digest("a") }, architecture: "aarch64" },
  imageArchives: [
    { path: "/cache/images.tar.zst", sha256: digest("b") },
    { url: "http://mirror.example.com/more.tgz", sha256: digest("d") },
  ],
  cniPlugins: { path: "/cache/cni.tgz", sha256: digest("c") },
  clusterCidrs: ["10.52.0.0/16", "fd52::/56"],
  serviceCidrs: ["10.53.0.0/16", "fd53::/112"],
  flannelBackend: "host-gw",
  clusterNetwork: { type: "flannel" },
  disableKubeProxy: true,
  disableNetworkPolicy: true,
  registries: { mirrors: { "docker.io": { endpoint: ["https://mirror.example.com"] } } },
  serverConfig: { "kube-apiserver-arg": ["v=2"], "secrets-encryption": true },
  agentConfig: { "kubelet-arg": ["max-pods=50"] },
  flannelInterface: "eth9",
  disable: ["traefik"],
  tlsSans: ["lab.example.com", "192.0.2.11"],
  labName: "media",
  stateDirectory: "/var/lib/lab",
  readyTimeoutSeconds: 120,
};
