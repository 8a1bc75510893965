import type { ClusterNetwork } from "./cluster-network";
import type { NodeTaint } from "./node-registration";
import { keepAliasesApart } from "./provider-aliases";
import { HelmProvider, KubernetesProvider } from "../private/kubernetes";
import { keepNodeDependencies } from "../private/node-dependencies";
import { Construct, TerraformStack, type IConstruct } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import { checkShape } from "../private/shape";

/** The kind of Kubernetes that a cluster runs; it decides where the CNI files lie and what exists already. */
export type Distribution = "k3s" | "openshift" | "kubernetes";

/** Where a node keeps its CNI files. */
export interface CniPaths {
  /** Directory of the CNI configuration files that the container runtime reads (absolute path on the node). */
  readonly confDir: string;
  /** Directory of the CNI plugin binaries (absolute path on the node). */
  readonly binDir: string;
}

/** One Kubernetes node, known at synth. */
export interface ClusterNode {
  /** Name of the Node object. */
  readonly name: string;
  /** Whether the node runs the control plane as well. */
  readonly role: "server" | "agent";
  /**
   * Its taints; pods of checks that are bound to it tolerate them.
   *
   * @default none is known
   */
  readonly taints?: readonly NodeTaint[];
}

/** A cluster that a lab can be put on: one we install, or one that exists. Only plain values, so that any stack can take it. */
export interface ICluster extends IConstruct {
  /** Kind of Kubernetes. */
  readonly distribution: Distribution;
  /** Path of the kubeconfig file on the machine that runs Terraform. */
  readonly kubeconfigPath: string;
  /** Context inside the kubeconfig; the file's current context where undefined. */
  readonly kubeconfigContext?: string;
  /** The cluster's nodes, in a fixed order. */
  readonly nodes: readonly ClusterNode[];
  /** The nodes' CNI directories. */
  readonly cniPaths: CniPaths;
  /** Pod network ranges in CIDR notation. */
  readonly clusterCidrs: readonly string[];
  /** Service network ranges in CIDR notation. */
  readonly serviceCidrs: readonly string[];
  /** Networks that the nodes reach each other by, in CIDR notation, `/32` or `/128` for a single node; empty where not known. */
  readonly nodeCidrs?: readonly string[];
  /** Interface names on the nodes that carry the cluster itself; no secondary network may use them as `master`. */
  readonly managementInterfaces: readonly string[];
  /** What is known of the cluster's own network; the usual one of the distribution where undefined. */
  readonly clusterNetwork?: ClusterNetwork;
  /** Another text for the cluster in another version or with other settings, as far as the fields above do not tell; verdicts are made anew then. */
  readonly revision?: string;

  /** What the cluster is read to be in the stack of `scope`, as Terraform tokens by name; verdicts are made anew when one changes. */
  readingsIn?(scope: Construct): Readonly<Record<string, string>>;
}

/** The two providers of one stack, configured for one cluster. */
export interface ClusterProviders {
  /** Provider of the typed Kubernetes resources. */
  readonly kubernetes: KubernetesProvider;
  /** Provider of the local-chart releases that carry custom resources. */
  readonly helm: HelmProvider;
}

const providersByStack = new WeakMap<TerraformStack, Map<ICluster, ClusterProviders>>();

/**
 * The providers of `cluster` in the stack of `scope`, made at the first call: one pair for each stack and cluster.
 * They are configured by path, never from a resource, so that a plan works before the cluster exists
 * (https://registry.terraform.io/providers/hashicorp/kubernetes/2.38.0/docs#stacking-with-managed-kubernetes-cluster-resources).
 */
export function providersOf(scope: Construct, cluster: ICluster): ClusterProviders {
  checkShape("providersOf", "providersOf(cluster)", cluster, "cluster");
  keepNodeDependencies(scope);
  const stack = TerraformStack.of(scope);
  const clusters = providersByStack.get(stack) ?? new Map<ICluster, ClusterProviders>();
  const known = clusters.get(cluster);
  if (known) return known;
  const access = { configPath: literalText(cluster.kubeconfigPath), configContext: cluster.kubeconfigContext };
  const alias = clusters.size === 0 ? undefined : `cluster${clusters.size}`;
  const own = ownScope(stack);
  const providers = {
    kubernetes: new KubernetesProvider(own, `Kubernetes${clusters.size || ""}`, { ...access, alias }),
    helm: new HelmProvider(own, `Helm${clusters.size || ""}`, { kubernetes: access, alias }),
  };
  if (clusters.size === 0) keepAliasesApart(stack, () => [...clusters.values()]);
  providersByStack.set(stack, clusters.set(cluster, providers));
  return providers;
}

/** What nobody asked for by name lies in a scope of its own, so that a user's ids stay free. */
function ownScope(stack: TerraformStack): Construct {
  const id = "multicast-lab";
  return (stack.node.tryFindChild(id) as Construct | undefined) ?? new Construct(stack, id);
}
