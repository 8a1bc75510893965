import * as path from "node:path";
import type { ClusterNetwork } from "./cluster-network";
import type { K3sConfigValue } from "./k3s-config-keys";
import type { K3sRegistries } from "./k3s-registries";
import {
  DEFAULT_K3S_RELEASE,
  PACKAGED_COMPONENTS,
  type DownloadArtifact,
  type FileArtifact,
  type FlannelBackend,
  type K3sRelease,
} from "./k3s-release";
import { localPath } from "./local-path";
import type { SshHost } from "./ssh-host";
import { shortened } from "../private/names";
import type { Construct } from "../private/terraform";

/** Props of K3sCluster. */
export interface K3sClusterProps {
  /**
   * Hosts that run the control plane and pods: one, or an odd number with embedded etcd, of which the first founds the cluster and the
   * others join it (https://docs.k3s.io/datastore/ha-embedded). Agents and the kubeconfig name the first; the API answers on each. Take
   * away fewer than half of them in one deploy: a majority must stay.
   */
  readonly servers: readonly SshHost[];
  /**
   * Hosts that run pods only.
   *
   * @default []
   */
  readonly agents?: readonly SshHost[];
  /**
   * The K3s release, with the program's digest.
   *
   * @default DEFAULT_K3S_RELEASE: v1.36.2+k3s1 for x86_64, downloaded by the machine that runs Terraform
   */
  readonly release?: K3sRelease;
  /**
   * Image archives (`docker save` or OCI, .tar, .tar.gz, .tgz, .tar.zst) that every node imports before its kubelet starts.
   *
   * @default []
   */
  readonly imageArchives?: readonly (FileArtifact | DownloadArtifact)[];
  /**
   * Archive (.tgz) of more CNI plugins for every node, such as macvlan, which K3s does not bring
   * (https://github.com/containernetworking/plugins/releases). Files that a host had before stay as they are.
   *
   * @default - K3s' own plugins only
   */
  readonly cniPlugins?: FileArtifact | DownloadArtifact;
  /**
   * Networks of the pods, in CIDR notation: one, or IPv4 and then IPv6 for a dual-stack cluster, which needs the hosts' `nodeIps`
   * (https://docs.k3s.io/networking/basic-network-options#dual-stack-ipv4--ipv6-networking). They cannot change once K3s has started.
   *
   * @default ["10.42.0.0/16"]
   */
  readonly clusterCidrs?: readonly string[];
  /**
   * Networks of the Services, in CIDR notation, of the same families as the pods'.
   *
   * @default ["10.43.0.0/16"]
   */
  readonly serviceCidrs?: readonly string[];
  /**
   * What carries the pods' own network between the nodes. With `none` no node becomes Ready until another program has put its CNI
   * configuration into containerd's own place, /etc/cni/net.d, so the deploy does not wait for that.
   *
   * @default "vxlan"
   */
  readonly flannelBackend?: FlannelBackend;
  /**
   * What is known of the default network that another program makes; only with `flannelBackend: "none"`.
   *
   * @default - flannel, or nothing known with `flannelBackend: "none"`
   */
  readonly clusterNetwork?: ClusterNetwork;
  /**
   * Interface that carries the pods' own network between the nodes, the same name on each.
   *
   * @default - each host's managementInterface, else the one with the default route
   */
  readonly flannelInterface?: string;
  /**
   * K3s' packaged components that are not wanted.
   *
   * @default - all five, so that a lab needs no images but its own: traefik, servicelb, metrics-server, coredns, local-storage
   */
  readonly disable?: readonly string[];
  /**
   * Whether nodes run without kube-proxy: Services work only if another program, such as that of the default network, serves them.
   *
   * @default false
   */
  readonly disableKubeProxy?: boolean;
  /**
   * Whether K3s' own controller of NetworkPolicies is left out, as another default network brings its own.
   *
   * @default false
   */
  readonly disableNetworkPolicy?: boolean;
  /**
   * Mirrors of image registries and how to access them, for every node.
   *
   * @default - every registry by its own name, as anybody
   */
  readonly registries?: K3sRegistries;
  /**
   * More keys of the servers' configuration file (https://docs.k3s.io/cli/server), checked against those that the release knows. Keys that
   * other props say, that hold secrets or that this construct relies on are refused.
   *
   * @default {}
   */
  readonly serverConfig?: Readonly<Record<string, K3sConfigValue>>;
  /**
   * More keys of the agents' configuration file (https://docs.k3s.io/cli/agent), as `serverConfig`.
   *
   * @default {}
   */
  readonly agentConfig?: Readonly<Record<string, K3sConfigValue>>;
  /**
   * More names and addresses for the API server's certificate; the servers' own addresses are always in it.
   *
   * @default []
   */
  readonly tlsSans?: readonly string[];
  /**
   * Name by which the hosts know whose they are, a DNS-1123 label. A host that another lab has taken is refused.
   *
   * @default - made from the construct's path
   */
  readonly labName?: string;
  /**
   * Directory on the machine that runs Terraform for `kubeconfig` and `token` (both 0600), `baseline/`, `residue/` and downloads.
   *
   * @default - `.lab/` and the lab's name, below the current directory
   */
  readonly stateDirectory?: string;
  /**
   * How long K3s may take to start, and then all nodes to become Ready, each in seconds, from 10 to 3600.
   *
   * @default 300
   */
  readonly readyTimeoutSeconds?: number;
}

/** The props with every default in place and paths absolute. */
export interface K3sSettings extends Required<Omit<K3sClusterProps, "cniPlugins" | "flannelInterface">> {
  /** As in the props. */
  readonly cniPlugins?: FileArtifact | DownloadArtifact;
  /** As in the props. */
  readonly flannelInterface?: string;
}

/** The defaults that depend on nothing else. */
const DEFAULTS = {
  agents: [],
  release: DEFAULT_K3S_RELEASE,
  imageArchives: [],
  clusterCidrs: ["10.42.0.0/16"],
  serviceCidrs: ["10.43.0.0/16"],
  flannelBackend: "vxlan",
  disableKubeProxy: false,
  disableNetworkPolicy: false,
  registries: {},
  serverConfig: {},
  agentConfig: {},
  disable: PACKAGED_COMPONENTS,
  tlsSans: [],
  readyTimeoutSeconds: 300,
} as const;

/** The settings that the props say. */
export function settingsOf(scope: Construct, props: K3sClusterProps): K3sSettings {
  const fromPath = scope.node.path.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const labName = props.labName ?? shortened(fromPath.replace(/^-|-$/g, ""), 40);
  const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
  return {
    ...DEFAULTS,
    ...(given as Partial<K3sClusterProps>),
    servers: props.servers,
    clusterNetwork: props.clusterNetwork ?? { type: props.flannelBackend === "none" ? "other" : "flannel" },
    labName,
    stateDirectory: localPath(props.stateDirectory ?? path.join(".lab", labName)),
  } as K3sSettings;
}
