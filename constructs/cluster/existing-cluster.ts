import type { ClusterNode, CniPaths, Distribution, ICluster } from "./cluster";
import type { ClusterNetwork } from "./cluster-network";
import { checkClusterNetwork } from "./cluster-network-rules";
import { DEFAULT_K3S_RELEASE, k3sCniPaths, k3sVersion } from "./k3s-release";
import { localPath } from "./local-path";
import { checkNodes } from "./nodes";
import { cidr } from "../private/ip-rules";
import { filePath, interfaceName, oneOf } from "../private/rules";
import { Construct } from "../private/terraform";
import { Faults, type Rule } from "../private/validate";
import { checkShape } from "../private/shape";

/** What must be known of a cluster that exists already. */
export interface ExistingClusterAttributes {
  /** Path of its kubeconfig file on the machine that runs Terraform; `~/` stands for the home directory. */
  readonly kubeconfigPath: string;
  /**
   * Context inside the kubeconfig.
   *
   * @default - the file's current context
   */
  readonly kubeconfigContext?: string;
  /** Its nodes; their order decides which one sends in a check. */
  readonly nodes: readonly ClusterNode[];
  /**
   * Kind of Kubernetes.
   *
   * @default "kubernetes"
   */
  readonly distribution?: Distribution;
  /**
   * Release of K3s like `v1.30.4+k3s1`: its CNI directories changed with v1.28.15, v1.29.10, v1.30.6 and v1.31.2.
   *
   * @default - one with the directories of today
   */
  readonly k3sVersion?: string;
  /**
   * Where the nodes keep their CNI files. On K3s they end as its own do, below another data directory.
   *
   * @default - by distribution and K3s' version: /etc/cni/net.d and /opt/cni/bin, K3s' and OpenShift's own places
   */
  readonly cniPaths?: CniPaths;
  /**
   * Pod networks in CIDR notation; secondary networks are checked against them.
   *
   * @default []
   */
  readonly clusterCidrs?: readonly string[];
  /**
   * Service networks in CIDR notation; secondary networks are checked against them.
   *
   * @default []
   */
  readonly serviceCidrs?: readonly string[];
  /**
   * Networks that the nodes reach each other by, in CIDR notation; secondary networks are checked against them.
   *
   * @default []
   */
  readonly nodeCidrs?: readonly string[];
  /**
   * Interfaces on the nodes that carry the cluster itself; no secondary network may use them as `master`.
   *
   * @default []
   */
  readonly managementInterfaces?: readonly string[];
  /**
   * What carries the cluster's pods; secondary networks and namespaces depend on it.
   *
   * @default - OVN-Kubernetes of the newest version on OpenShift, flannel on K3s, nothing known elsewhere
   */
  readonly clusterNetwork?: ClusterNetwork;
}

/** The usual places of each distribution (https://docs.k3s.io/networking/multus-ipams, https://github.com/openshift/cluster-network-operator/blob/master/bindata/network/multus/multus.yaml). */
export function usualCniPaths({
  distribution,
  k3sVersion: version,
  clusterNetwork,
}: Pick<ExistingClusterAttributes, "distribution" | "k3sVersion" | "clusterNetwork">): CniPaths {
  const release = version ?? DEFAULT_K3S_RELEASE.version;
  if (distribution === "k3s") return k3sCniPaths(release, hasFlannel(clusterNetwork) ? "vxlan" : "none");
  return distribution === "openshift"
    ? { confDir: "/etc/kubernetes/cni/net.d", binDir: "/var/lib/cni/bin" }
    : { confDir: "/etc/cni/net.d", binDir: "/opt/cni/bin" };
}

/** K3s leaves the CNI directories to containerd where another program makes the default network. */
function hasFlannel(clusterNetwork: ClusterNetwork | undefined): boolean {
  return clusterNetwork === undefined || clusterNetwork.type === "flannel";
}

/** A cluster that somebody else made and removes. */
export class ExistingCluster extends Construct implements ICluster {
  /**
   * Describes a cluster that exists.
   *
   * @throws ValidationError with all faults of the attributes.
   */
  public static fromKubeconfig(scope: Construct, id: string, attributes: ExistingClusterAttributes): ExistingCluster {
    return new ExistingCluster(scope, id, attributes);
  }

  /** Kind of Kubernetes. */
  public readonly distribution: Distribution;
  /** Absolute path of the kubeconfig file. */
  public readonly kubeconfigPath: string;
  /** Context inside the kubeconfig, where told. */
  public readonly kubeconfigContext?: string;
  /** The nodes, as given. */
  public readonly nodes: readonly ClusterNode[];
  /** The nodes' CNI directories. */
  public readonly cniPaths: CniPaths;
  /** Pod networks, as given. */
  public readonly clusterCidrs: readonly string[];
  /** Service networks, as given. */
  public readonly serviceCidrs: readonly string[];
  /** Networks of the nodes, as given. */
  public readonly nodeCidrs: readonly string[];
  /** Interfaces that carry the cluster itself, as given. */
  public readonly managementInterfaces: readonly string[];
  /** What carries the cluster's pods, as given. */
  public readonly clusterNetwork?: ClusterNetwork;
  /** Release of K3s, as given. */
  public readonly revision?: string;

  protected constructor(scope: Construct, id: string, attributes: ExistingClusterAttributes) {
    super(scope, id);
    checkShape(this, "ExistingClusterAttributes", attributes);
    this.distribution = attributes.distribution ?? "kubernetes";
    this.kubeconfigPath = localPath(attributes.kubeconfigPath);
    this.kubeconfigContext = attributes.kubeconfigContext;
    this.nodes = attributes.nodes;
    this.cniPaths = attributes.cniPaths ?? usualCniPaths(attributes);
    this.clusterCidrs = attributes.clusterCidrs ?? [];
    this.serviceCidrs = attributes.serviceCidrs ?? [];
    this.nodeCidrs = attributes.nodeCidrs ?? [];
    this.managementInterfaces = attributes.managementInterfaces ?? [];
    this.clusterNetwork = attributes.clusterNetwork;
    this.revision = attributes.k3sVersion;
    this.check(attributes);
  }

  private check({ kubeconfigPath, k3sVersion: version }: ExistingClusterAttributes): void {
    const faults = new Faults(this);
    faults
      .check("kubeconfigPath", kubeconfigPath, filePath)
      .check("kubeconfigContext", this.kubeconfigContext, contextName)
      .check("distribution", this.distribution, oneOf(["k3s", "openshift", "kubernetes"]))
      .check("cniPaths.confDir", this.cniPaths.confDir, absolutePath)
      .check("cniPaths.binDir", this.cniPaths.binDir, absolutePath);
    this.checkK3s(faults, version);
    checkNodes(faults, this.nodes);
    if (this.nodes.length === 0)
      faults.add("nodes", [], { must: "name at least one node", use: "the names that `kubectl get nodes` prints" });
    this.clusterCidrs.forEach((text, index) => faults.check(`clusterCidrs[${index}]`, text, cidr));
    this.serviceCidrs.forEach((text, index) => faults.check(`serviceCidrs[${index}]`, text, cidr));
    this.nodeCidrs.forEach((text, index) => faults.check(`nodeCidrs[${index}]`, text, cidr));
    this.managementInterfaces.forEach((name, index) =>
      faults.check(`managementInterfaces[${index}]`, name, interfaceName),
    );
    if (this.clusterNetwork) checkClusterNetwork(faults, "clusterNetwork", this.clusterNetwork);
    faults.throwIfAny();
  }

  /** Multus in a directory that K3s' container runtime does not read would install without an error and attach nothing. */
  private checkK3s(faults: Faults, version: string | undefined): void {
    if (this.distribution !== "k3s") {
      const violation = { must: "be left out on a cluster that is not K3s", use: 'distribution: "k3s"' };
      if (version !== undefined) faults.add("k3sVersion", version, violation);
      return;
    }
    faults.check("k3sVersion", version, k3sVersion);
    if (!hasFlannel(this.clusterNetwork)) return;
    const own = k3sCniPaths(version ?? DEFAULT_K3S_RELEASE.version);
    for (const [name, path] of Object.entries(this.cniPaths) as [keyof CniPaths, string][])
      faults.check(`cniPaths.${name}`, path, endsAs(own[name].slice(K3S_DATA_DIRECTORY.length)));
  }
}

const K3S_DATA_DIRECTORY = "/var/lib/rancher/k3s";

function endsAs(end: string): Rule<string> {
  return (value) =>
    value.endsWith(end)
      ? undefined
      : {
          must: `end in ${end}, as K3s of this version has it`,
          use: `"${K3S_DATA_DIRECTORY}${end}", or another k3sVersion`,
        };
}

/** A context is any text; Terraform would take `${` for its own. */
const contextName: Rule<string> = (value) =>
  /^[A-Za-z0-9_.:/@-]{1,253}$/.test(value)
    ? undefined
    : {
        must: "be a context name (letters, digits and _.:/@-)",
        use: "a name that `kubectl config get-contexts` prints",
      };

const absolutePath: Rule<string> = (value) =>
  /^(\/[A-Za-z0-9._-]+)+$/.test(value) && !value.split("/").includes("..")
    ? undefined
    : {
        must: "be an absolute path of letters, digits, dot, - and _",
        use: 'a directory on the nodes like "/opt/cni/bin"',
      };
