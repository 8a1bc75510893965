import { isIP } from "node:net";
import * as path from "node:path";
import type { ClusterNode, CniPaths, Distribution, ICluster } from "./cluster";
import type { ClusterNetwork } from "./cluster-network";
import { checkK3sCluster } from "./k3s-cluster-rules";
import { settingsOf, type K3sClusterProps } from "./k3s-cluster-props";
import { k3sCniPaths } from "./k3s-release";
import { K3sSteps } from "./k3s-steps";
import type { SshHost } from "./ssh-host";
import { Construct } from "../private/terraform";
import { checkShape } from "../private/shape";

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
  /** Networks of the pods. */
  public readonly clusterCidrs: readonly string[];
  /** Networks of the Services. */
  public readonly serviceCidrs: readonly string[];
  /** The hosts' addresses, as far as they are named by address. */
  public readonly nodeCidrs: readonly string[];
  /** What carries the pods: flannel, unless another program makes the default network. */
  public readonly clusterNetwork: ClusterNetwork;
  /** The hosts' management interfaces and flannel's, without repetition. */
  public readonly managementInterfaces: readonly string[];
  /** Another text for another release, configuration, registry, image archive, CNI plugin or host. */
  public readonly revision: string;
  /** Absolute path of the directory with kubeconfig, token, baselines and residue. */
  public readonly stateDirectory: string;
  /** The `terraform_data` resources, for what must come after or before them. */
  public readonly steps: K3sSteps;

  /** @throws ValidationError with all faults of the props. */
  public constructor(scope: Construct, id: string, props: K3sClusterProps) {
    super(scope, id);
    checkShape(this, "K3sClusterProps", props);
    const settings = settingsOf(this, props);
    checkK3sCluster(this, settings, props);
    const { servers, agents, release, flannelInterface } = settings;
    this.stateDirectory = settings.stateDirectory;
    this.kubeconfigPath = path.join(this.stateDirectory, "kubeconfig");
    this.nodes = [...servers.map((host) => nodeOf(host, "server")), ...agents.map((host) => nodeOf(host, "agent"))];
    this.cniPaths = k3sCniPaths(release.version, settings.flannelBackend);
    this.clusterCidrs = settings.clusterCidrs;
    this.serviceCidrs = settings.serviceCidrs;
    this.clusterNetwork = settings.clusterNetwork;
    const addresses = [...servers, ...agents].flatMap(({ address, nodeIps }) => [address, ...nodeIps]);
    this.nodeCidrs = [...new Set(addresses)].flatMap(hostNetwork);
    const interfaces = [...servers, ...agents].map(({ managementInterface }) => managementInterface);
    this.managementInterfaces = [...new Set([...interfaces, flannelInterface].filter((name) => name !== undefined))];
    this.steps = new K3sSteps(this, "Steps", settings);
    this.revision = `${release.version} ${this.steps.revision}`;
  }
}

function nodeOf({ nodeName: name, nodeTaints: taints }: SshHost, role: ClusterNode["role"]): ClusterNode {
  return taints.length === 0 ? { name, role } : { name, role, taints };
}

function hostNetwork(address: string): string[] {
  const family = isIP(address);
  return family === 0 ? [] : [`${address}/${family === 6 ? 128 : 32}`];
}
