import type { ClusterNode, CniPaths, Distribution, ICluster } from "../../constructs/cluster/cluster";
import type { ClusterNetwork } from "../../constructs/cluster/cluster-network";
import type { IMultus } from "../../constructs/multus/multus";
import type { INamespace } from "../../constructs/namespace/namespace";
import { Construct, type ITerraformDependable } from "../../constructs/private/terraform";

/** A two-node cluster that is there already, as the embedded lab's looks from the lab stack. */
export class TestCluster extends Construct implements ICluster {
  public readonly kubeconfigPath = "/var/lib/multicast-lab/labs/test/state/kubeconfig";
  public readonly nodes: readonly ClusterNode[] = [
    { name: "server", role: "server" },
    { name: "agent", role: "agent" },
  ];
  public readonly cniPaths: CniPaths = {
    confDir: "/var/lib/rancher/k3s/agent/etc/cni/net.d",
    binDir: "/var/lib/rancher/k3s/data/cni",
  };
  public readonly clusterCidrs = ["10.42.0.0/16"];
  public readonly serviceCidrs = ["10.43.0.0/16"];
  public readonly nodeCidrs = ["192.0.2.0/24"];
  public readonly managementInterfaces = ["eth0"];

  public constructor(
    scope: Construct,
    id = "Cluster",
    public readonly distribution: Distribution = "k3s",
    public readonly clusterNetwork?: ClusterNetwork,
  ) {
    super(scope, id);
  }
}

/** A Multus that runs on the cluster already. */
export class TestMultus extends Construct implements IMultus {
  public readonly ready: ITerraformDependable[] = [];

  public constructor(
    scope: Construct,
    public readonly cluster: ICluster,
  ) {
    super(scope, "Multus");
  }
}

/** A namespace that exists in the cluster already. */
export class TestNamespace extends Construct implements INamespace {
  public readonly ready: ITerraformDependable[] = [];

  public constructor(
    scope: Construct,
    public readonly cluster: ICluster,
    public readonly namespaceName = "media",
  ) {
    super(scope, `Namespace-${namespaceName}`);
  }
}

/** What every network of a test needs. */
export interface Surroundings {
  readonly cluster: TestCluster;
  readonly multus: TestMultus;
  readonly namespace: TestNamespace;
}

/** A cluster with Multus and a namespace in `scope`. */
export function surroundings(
  scope: Construct,
  distribution: Distribution = "k3s",
  clusterNetwork?: ClusterNetwork,
): Surroundings {
  const cluster = new TestCluster(scope, "Cluster", distribution, clusterNetwork);
  return { cluster, multus: new TestMultus(scope, cluster), namespace: new TestNamespace(scope, cluster) };
}
