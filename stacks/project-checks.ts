import type { ICluster } from "../constructs/cluster/cluster";
import { MulticastNamespace } from "../constructs/namespace/multicast-namespace";
import type { INamespace } from "../constructs/namespace/namespace";
import type { Construct } from "../constructs/private/terraform";
import { DefaultNetwork } from "../constructs/verification/checked-network";
import { DenyAllPolicy } from "../constructs/verification/deny-all-policy";
import { MulticastCheck } from "../constructs/verification/multicast-check";
import type { MulticastCheckProps } from "../constructs/verification/multicast-check-props";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import { usualReceivers, type MulticastReceiver } from "../constructs/verification/receivers";

/** What the checks of a project need to know. */
export interface ProjectChecksOptions {
  /** The cluster, on OVN-Kubernetes. */
  readonly cluster: ICluster;
  /** The project; names of further namespaces begin with its name, of which that leaves 56 characters. */
  readonly project: INamespace;
  /** Image of all pods. */
  readonly image: string;
  /**
   * Loss that those who must hear may have, in percent.
   *
   * @default that of {@link MulticastCheck}
   */
  readonly maxLossPercent?: number;
}

/** OVN-Kubernetes' own interface on each node, in the switch of the node's pods (its management port). */
const MANAGEMENT_PORT = "ovn-k8s-mp0";

/** Who hears whom on the cluster's own network, a check for each statement of the documents. */
export class ProjectChecks {
  private readonly group = MulticastGroup.of("239.1.1.1", { port: 5004, ttl: 64 });
  private readonly nodes: readonly string[];

  public constructor(
    private readonly scope: Construct,
    private readonly options: ProjectChecksOptions,
  ) {
    this.nodes = options.cluster.nodes.map(({ name }) => name);
  }

  /** A further namespace, where multicast is switched on. */
  public annotated(id: string, suffix: string): MulticastNamespace {
    return new MulticastNamespace(this.scope, id, this.named(suffix));
  }

  /** A further namespace as Kubernetes makes it: without the annotation. */
  public unannotated(id: string, suffix: string): MulticastNamespace {
    return new MulticastNamespace(this.scope, id, { ...this.named(suffix), multicastSwitch: "none" });
  }

  /** A further namespace whose pods may be on the network of their node. */
  public privileged(id: string, suffix: string): MulticastNamespace {
    return new MulticastNamespace(this.scope, id, { ...this.named(suffix), podSecurity: "privileged" });
  }

  /** Pods of the project hear each other on all nodes, and `strangers` hear nothing of it. */
  public carries(id: string, strangers: readonly MulticastReceiver[]): MulticastCheck {
    const usual = usualReceivers(this.nodes, this.group);
    return this.check(id, this.options.project, [...(usual.length > 0 ? usual : [{ name: "anywhere" }]), ...strangers]);
  }

  /** A receiver in another namespace, which must hear nothing. */
  public stranger(name: string, namespace: INamespace, where: "same-node" | "other-node"): MulticastReceiver {
    return { name, namespace, node: this.node(where), expect: "silent" };
  }

  /** A receiver on the network of the sender's node, which must hear nothing. */
  public onHost(name: string, namespace: INamespace): MulticastReceiver {
    return { ...this.stranger(name, namespace, "same-node"), hostInterface: MANAGEMENT_PORT };
  }

  /** In a namespace without the annotation nobody hears anybody. */
  public silentIn(id: string, namespace: INamespace): MulticastCheck {
    return this.check(id, namespace, this.silentPlaces());
  }

  /** Nobody hears in a namespace without the annotation, and everybody when it gets one, under the running stream. */
  public followsSwitch(id: string, namespace: INamespace): MulticastCheck {
    return this.check(id, namespace, this.silentPlaces(), { switching: true, windowSeconds: 5 });
  }

  /** A deny-all NetworkPolicy keeps unicast from the pods of a namespace, and no multicast; `witness` is a namespace without one. */
  public passesDenyAll(id: string, namespace: INamespace, witness: INamespace): MulticastCheck {
    const denyAll = new DenyAllPolicy(this.scope, `${id}-Policy`, { namespace });
    const inside = this.places().map((receiver) => ({ ...receiver, unicast: "silent" as const }));
    const outside = { ...this.stranger("outside", witness, "same-node"), unicast: "heard" as const };
    return this.check(id, namespace, [...inside, outside], { denyAll });
  }

  private check(
    id: string,
    namespace: INamespace,
    receivers: readonly MulticastReceiver[],
    more: Partial<MulticastCheckProps> = {},
  ): MulticastCheck {
    const { image, maxLossPercent } = this.options;
    const { group } = this;
    const network = DefaultNetwork.of(namespace);
    return new MulticastCheck(this.scope, id, { network, group, receivers, image, maxLossPercent, ...more });
  }

  /** A receiver beside the sender and, where there is another node, one there. */
  private places(): MulticastReceiver[] {
    const [first, other] = this.nodes;
    const sameNode = { name: "same-node", node: first };
    return other === undefined ? [sameNode] : [sameNode, { name: "other-node", node: other }];
  }

  private silentPlaces(): MulticastReceiver[] {
    return this.places().map((receiver) => ({ ...receiver, expect: "silent" }));
  }

  private node(where: "same-node" | "other-node"): string | undefined {
    const [first, other = first] = this.nodes;
    return where === "same-node" ? first : other;
  }

  private named(suffix: string): { cluster: ICluster; namespaceName: string } {
    const { cluster, project } = this.options;
    return { cluster, namespaceName: `${project.namespaceName}-${suffix}` };
  }
}
