import { isIP } from "node:net";
import * as path from "node:path";
import type { ClusterNode, CniPaths, Distribution, ICluster } from "./cluster";
import { checkK3sCluster } from "./k3s-cluster-rules";
import {
  DEFAULT_K3S_RELEASE,
  PACKAGED_COMPONENTS,
  k3sCniPaths,
  type FileArtifact,
  type K3sRelease,
} from "./k3s-release";
import { K3sSteps } from "./k3s-steps";
import { localPath } from "./local-path";
import type { SshHost } from "./ssh-host";
import { shortened } from "../private/names";
import { Construct } from "../private/terraform";

/** Props of {@link K3sCluster}. */
export interface K3sClusterProps {
  /** Hosts that run the control plane and pods. One, so far. */
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
  readonly imageArchives?: readonly FileArtifact[];
  /**
   * Archive (.tgz) of more CNI plugins for every node, such as macvlan, which K3s does not bring
   * (https://github.com/containernetworking/plugins/releases).
   *
   * @default - K3s' own plugins only
   */
  readonly cniPlugins?: FileArtifact;
  /**
   * Network of the pods, in CIDR notation.
   *
   * @default "10.42.0.0/16"
   */
  readonly clusterCidr?: string;
  /**
   * Network of the Services, in CIDR notation.
   *
   * @default "10.43.0.0/16"
   */
  readonly serviceCidr?: string;
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

/**
 * K3s on hosts that are reached by SSH. A guard takes each host's baseline before anything is changed; destroying the cluster takes
 * everything off again and fails with the list of what differs from the baseline, which is also in `residue/`.
 */
export class K3sCluster extends Construct implements ICluster {
  /** Always `k3s`. */
  public readonly distribution: Distribution = "k3s";
  /** Path of the kubeconfig file, there after the deploy. */
  public readonly kubeconfigPath: string;
  /** The servers, then the agents. */
  public readonly nodes: readonly ClusterNode[];
  /** K3s' own CNI directories, by version. */
  public readonly cniPaths: CniPaths;
  /** Network of the pods. */
  public readonly clusterCidrs: readonly string[];
  /** Network of the Services. */
  public readonly serviceCidrs: readonly string[];
  /** The hosts' addresses, as far as they are named by address. */
  public readonly nodeCidrs: readonly string[];
  /** The hosts' management interfaces and flannel's, without repetition. */
  public readonly managementInterfaces: readonly string[];
  /** Absolute path of the directory with kubeconfig, token, baselines and residue. */
  public readonly stateDirectory: string;
  /** The `terraform_data` resources, for what must come after or before them. */
  public readonly steps: K3sSteps;

  /** @throws ValidationError with all faults of the props. */
  public constructor(scope: Construct, id: string, props: K3sClusterProps) {
    super(scope, id);
    const settings = settingsOf(this, props);
    checkK3sCluster(this, settings);
    const { servers, agents, release, flannelInterface } = settings;
    this.stateDirectory = settings.stateDirectory;
    this.kubeconfigPath = path.join(this.stateDirectory, "kubeconfig");
    this.nodes = [
      ...servers.map(({ nodeName }): ClusterNode => ({ name: nodeName, role: "server" })),
      ...agents.map(({ nodeName }): ClusterNode => ({ name: nodeName, role: "agent" })),
    ];
    this.cniPaths = k3sCniPaths(release.version);
    this.clusterCidrs = [settings.clusterCidr];
    this.serviceCidrs = [settings.serviceCidr];
    this.nodeCidrs = [...servers, ...agents].flatMap(({ address }) => hostNetwork(address));
    const interfaces = [...servers, ...agents].map(({ managementInterface }) => managementInterface);
    this.managementInterfaces = [...new Set([...interfaces, flannelInterface].filter((name) => name !== undefined))];
    this.steps = new K3sSteps(this, "Steps", settings);
  }
}

function hostNetwork(address: string): string[] {
  const family = isIP(address);
  return family === 0 ? [] : [`${address}/${family === 6 ? 128 : 32}`];
}

/** The props with every default in place and paths absolute. */
export interface K3sSettings extends Required<Omit<K3sClusterProps, "cniPlugins" | "flannelInterface">> {
  /** As in the props. */
  readonly cniPlugins?: FileArtifact;
  /** As in the props. */
  readonly flannelInterface?: string;
}

function settingsOf(scope: Construct, props: K3sClusterProps): K3sSettings {
  const fromPath = scope.node.path.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const labName = props.labName ?? shortened(fromPath.replace(/^-|-$/g, ""), 40);
  return {
    ...props,
    servers: props.servers,
    agents: props.agents ?? [],
    release: props.release ?? DEFAULT_K3S_RELEASE,
    imageArchives: props.imageArchives ?? [],
    clusterCidr: props.clusterCidr ?? "10.42.0.0/16",
    serviceCidr: props.serviceCidr ?? "10.43.0.0/16",
    disable: props.disable ?? PACKAGED_COMPONENTS,
    tlsSans: props.tlsSans ?? [],
    labName,
    stateDirectory: localPath(props.stateDirectory ?? path.join(".lab", labName)),
    readyTimeoutSeconds: props.readyTimeoutSeconds ?? 300,
  };
}
