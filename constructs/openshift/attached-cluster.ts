import { ClusterReading, type ClusterReadingProps, type OpenShiftNetworkType } from "./cluster-reading";
import type { ClusterNode } from "../cluster/cluster";
import type { ClusterNetwork } from "../cluster/cluster-network";
import { ExistingCluster } from "../cluster/existing-cluster";
import { checkShape } from "../private/shape";
import { TerraformStack, type Construct } from "../private/terraform";

/**
 * What is declared of an OpenShift 4 that exists. Rules hold at synth on what is declared; each plan and apply then compare it with what
 * the cluster says and fail naming both.
 */
export interface OpenShiftClusterAttributes {
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
   * Version of OpenShift, `4.16` or `4.16.43`: the network's limits depend on it.
   *
   * @default - not known: those of the newest version are taken, and nothing is compared
   */
  readonly version?: string;
  /**
   * What carries the pods.
   *
   * @default "ovn-kubernetes"
   */
  readonly networkType?: OpenShiftNetworkType;
  /**
   * Pod networks in CIDR notation, in the cluster's order.
   *
   * @default ["10.128.0.0/14"], as installed where nothing else is said
   */
  readonly clusterCidrs?: readonly string[];
  /**
   * Service networks in CIDR notation, in the cluster's order.
   *
   * @default ["172.30.0.0/16"], as installed where nothing else is said
   */
  readonly serviceCidrs?: readonly string[];
  /**
   * OVN-Kubernetes' join networks, in CIDR notation.
   *
   * @default ["100.64.0.0/16", "fd98::/64"]
   */
  readonly joinSubnets?: readonly string[];
  /**
   * OVN-Kubernetes' transit networks, in CIDR notation.
   *
   * @default ["100.88.0.0/16", "fd97::/64"]
   */
  readonly transitSubnets?: readonly string[];
  /**
   * OVN-Kubernetes' masquerade networks, in CIDR notation.
   *
   * @default ["169.254.169.0/29", "fd69::/125"]; since 4.17 also ["169.254.0.0/17", "fd69::/112"]
   */
  readonly masqueradeSubnets?: readonly string[];
  /**
   * Interfaces that carry the cluster itself: the uplink of br-ex. No secondary network may use them as `master`; br-ex itself is known.
   *
   * @default []
   */
  readonly managementInterfaces?: readonly string[];
}

/** The defaults of the attributes that are compared: an installation with nothing else said. */
const usual = {
  networkType: "ovn-kubernetes",
  clusterCidrs: ["10.128.0.0/14"],
  serviceCidrs: ["172.30.0.0/16"],
} as const;

/**
 * An OpenShift 4 that somebody else made and removes, held against what is declared of it in each stack that reads it: in the one that
 * it is part of, and in those that call {@link readIn}.
 */
export class AttachedOpenShiftCluster extends ExistingCluster {
  private readonly declared: Omit<ClusterReadingProps, "cluster">;

  /** @throws ValidationError with all faults of the attributes. */
  public constructor(scope: Construct, id: string, attributes: OpenShiftClusterAttributes) {
    // Before anything is read of them, and so before there is a construct.
    checkShape([...scope.node.path.split("/"), id].filter(Boolean).join("/"), "OpenShiftClusterAttributes", attributes);
    const { networkType, ...networks } = { ...usual, ...defined(attributes) };
    const clusterNetwork = networkOf(attributes, networkType);
    super(scope, id, { ...attributes, ...networks, distribution: "openshift", clusterNetwork });
    const { clusterCidrs, serviceCidrs } = this;
    this.declared = { version: attributes.version, networkType, clusterCidrs, serviceCidrs };
    if (this.node.scopes.some((each) => TerraformStack.isStack(each))) this.readIn(this);
  }

  /** What the cluster says of itself, in the stack of `scope`; known once Terraform has read it. */
  public readIn(scope: Construct): ClusterReading {
    const stack = TerraformStack.of(scope);
    return this.knownIn(stack) ?? new ClusterReading(stack, this.readingId, { cluster: this, ...this.declared });
  }

  /** Version and network that the cluster was read to have, in a stack that reads it. */
  public readingsIn(scope: Construct): Readonly<Record<string, string>> {
    const known = this.knownIn(TerraformStack.of(scope));
    return known ? { version: known.version, network: known.networkType } : {};
  }

  private get readingId(): string {
    return `Reading-${this.node.id}`;
  }

  private knownIn(stack: TerraformStack): ClusterReading | undefined {
    return stack.node.tryFindChild(this.readingId) as ClusterReading | undefined;
  }
}

/** The attributes without those that are given as undefined, which would hide a default. */
function defined<T extends object>(attributes: T): T {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as T;
}

function networkOf(attributes: OpenShiftClusterAttributes, type: OpenShiftNetworkType): ClusterNetwork {
  const { version, joinSubnets, transitSubnets, masqueradeSubnets } = attributes;
  return { type, openshiftVersion: version, joinSubnets, transitSubnets, masqueradeSubnets };
}
