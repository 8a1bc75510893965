import { z } from "zod";
import type { ClusterNode, CniPaths } from "../../constructs/cluster/cluster";
import type { ClusterNetwork } from "../../constructs/cluster/cluster-network";
import type { ExistingClusterAttributes } from "../../constructs/cluster/existing-cluster";
import type { K3sClusterProps } from "../../constructs/cluster/k3s-cluster";
import { webAddress, k3sVersion, type DownloadArtifact, type K3sRelease } from "../../constructs/cluster/k3s-release";
import { hostAddress, publicKey, userName } from "../../constructs/cluster/ssh-host";
import { cidr } from "../../constructs/private/ip-rules";
import { dns1123Subdomain, interfaceName, port, sha256 } from "../../constructs/private/rules";
import { oneWayOf, number, text, type FileLeaves } from "./leaves";
import { objectOf, type SshHostEntry } from "./plain";

/** The part of a configuration file that names the cluster: one to make, or one that exists. */
export function clusterSection(leaves: FileLeaves) {
  return oneWayOf({ k3s: k3s(leaves).optional(), existing: existing(leaves).optional() });
}

/** What {@link clusterSection} reads. */
export type ClusterConfig = z.output<ReturnType<typeof clusterSection>>;

/** Keys of the props that come from the top of the file. */
type Common = "labName" | "stateDirectory";

function k3s({ path, artifact }: FileLeaves) {
  const host = objectOf<SshHostEntry>()({
    address: text(hostAddress),
    user: text(userName),
    port: number(port).optional(),
    privateKeyPath: path,
    hostKey: text(publicKey),
    nodeName: text(dns1123Subdomain).optional(),
    managementInterface: text(interfaceName).optional(),
  });
  const download = objectOf<DownloadArtifact>()({ url: text(webAddress), sha256: text(sha256) });
  const release = objectOf<K3sRelease>()({
    version: text(k3sVersion),
    binary: z.union([artifact, download]),
    architecture: z.enum(["x86_64", "aarch64"]).optional(),
  });
  return objectOf<Omit<K3sClusterProps, Common>>()({
    servers: z.array(host),
    agents: z.array(host).optional(),
    release: release.optional(),
    imageArchives: z.array(artifact).optional(),
    cniPlugins: artifact.optional(),
    clusterCidr: text(cidr).optional(),
    serviceCidr: text(cidr).optional(),
    flannelInterface: text(interfaceName).optional(),
    disable: z.array(z.string()).optional(),
    tlsSans: z.array(text(hostAddress)).optional(),
    readyTimeoutSeconds: z.number().optional(),
  });
}

const clusterNetwork = objectOf<ClusterNetwork>()({
  type: z.enum(["ovn-kubernetes", "openshift-sdn", "flannel", "other"]),
  openshiftVersion: z.string().optional(),
  joinSubnets: z.array(text(cidr)).optional(),
  transitSubnets: z.array(text(cidr)).optional(),
  masqueradeSubnets: z.array(text(cidr)).optional(),
});

function existing({ path }: FileLeaves) {
  const node = objectOf<ClusterNode>()({ name: text(dns1123Subdomain), role: z.enum(["server", "agent"]) });
  // Paths on the nodes, not on this machine.
  const cniPaths = objectOf<CniPaths>()({ confDir: z.string(), binDir: z.string() });
  return objectOf<ExistingClusterAttributes>()({
    kubeconfigPath: path,
    kubeconfigContext: z.string().optional(),
    nodes: z.array(node),
    distribution: z.enum(["k3s", "openshift", "kubernetes"]).optional(),
    k3sVersion: text(k3sVersion).optional(),
    cniPaths: cniPaths.optional(),
    clusterCidrs: z.array(text(cidr)).optional(),
    serviceCidrs: z.array(text(cidr)).optional(),
    nodeCidrs: z.array(text(cidr)).optional(),
    managementInterfaces: z.array(text(interfaceName)).optional(),
    clusterNetwork: clusterNetwork.optional(),
  });
}
