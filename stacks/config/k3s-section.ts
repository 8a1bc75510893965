import { z } from "zod";
import type { K3sClusterProps } from "../../constructs/cluster/k3s-cluster-props";
import type { K3sConfigValue } from "../../constructs/cluster/k3s-config-keys";
import type {
  K3sRegistries,
  RegistryAuth,
  RegistryConfig,
  RegistryMirror,
  RegistryTls,
} from "../../constructs/cluster/k3s-registries";
import { k3sVersion, webAddress, type DownloadArtifact, type K3sRelease } from "../../constructs/cluster/k3s-release";
import type { NodeTaint } from "../../constructs/cluster/node-registration";
import { hostAddress, publicKey, userName } from "../../constructs/cluster/ssh-host";
import { cidr, ipAddress } from "../../constructs/private/ip-rules";
import {
  dns1123Subdomain,
  interfaceName,
  labelValue,
  port,
  qualifiedName,
  sha256,
} from "../../constructs/private/rules";
import { clusterNetwork } from "./cluster-network-section";
import { number, text, type FileLeaves } from "./leaves";
import { objectOf, type SshHostEntry } from "./plain";

/** Keys of the props that come from the top of the file. */
type Common = "labName" | "stateDirectory";

/** K3s on hosts that are reached by SSH. */
export function k3sSection(leaves: FileLeaves) {
  const host = sshHost(leaves);
  const file = z.union([leaves.artifact, download]);
  const config = z.record(z.string(), configValue);
  return objectOf<Omit<K3sClusterProps, Common>>("K3sClusterProps")({
    servers: z.array(host),
    agents: z.array(host).optional(),
    release: release(leaves).optional(),
    imageArchives: z.array(file).optional(),
    cniPlugins: file.optional(),
    clusterCidrs: z.array(text(cidr)).optional(),
    serviceCidrs: z.array(text(cidr)).optional(),
    flannelBackend: z.enum(["vxlan", "host-gw", "wireguard-native", "none"]).optional(),
    clusterNetwork: clusterNetwork.optional(),
    flannelInterface: text(interfaceName).optional(),
    disable: z.array(z.string()).optional(),
    disableKubeProxy: z.boolean().optional(),
    disableNetworkPolicy: z.boolean().optional(),
    registries: registries(leaves).optional(),
    serverConfig: config.optional(),
    agentConfig: config.optional(),
    tlsSans: z.array(text(hostAddress)).optional(),
    readyTimeoutSeconds: z.number().optional(),
  });
}

const configValue: z.ZodType<K3sConfigValue> = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

const download = objectOf<DownloadArtifact>("DownloadArtifact")({ url: text(webAddress), sha256: text(sha256) });

/** A taint of a node. */
export const nodeTaint = objectOf<NodeTaint>("NodeTaint")({
  key: text(qualifiedName),
  value: text(labelValue).optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

/** A host that is reached by SSH. */
export function sshHost({ path }: FileLeaves) {
  return objectOf<SshHostEntry>("SshHostEntry")({
    address: text(hostAddress),
    user: text(userName),
    port: number(port).optional(),
    privateKeyPath: path,
    hostKey: text(publicKey),
    nodeName: text(dns1123Subdomain).optional(),
    managementInterface: text(interfaceName).optional(),
    nodeIps: z.array(text(ipAddress)).optional(),
    nodeLabels: z.record(z.string(), text(labelValue)).optional(),
    nodeTaints: z.array(nodeTaint).optional(),
  });
}

function release({ artifact }: FileLeaves) {
  return objectOf<K3sRelease>("K3sRelease")({
    version: text(k3sVersion),
    binary: z.union([artifact, download]),
    architecture: z.enum(["x86_64", "aarch64"]).optional(),
  });
}

function registries({ path }: FileLeaves) {
  const mirror = objectOf<RegistryMirror>("RegistryMirror")({
    endpoint: z.array(z.string()).optional(),
    rewrite: z.record(z.string(), z.string()).optional(),
  });
  const auth = objectOf<RegistryAuth>("RegistryAuth")({ username: z.string(), passwordPath: path });
  const tls = objectOf<RegistryTls>("RegistryTls")({
    caPath: path.optional(),
    certPath: path.optional(),
    keyPath: path.optional(),
    insecureSkipVerify: z.boolean().optional(),
  });
  const config = objectOf<RegistryConfig>("RegistryConfig")({ auth: auth.optional(), tls: tls.optional() });
  return objectOf<K3sRegistries>("K3sRegistries")({
    mirrors: z.record(z.string(), mirror).optional(),
    configs: z.record(z.string(), config).optional(),
  });
}
