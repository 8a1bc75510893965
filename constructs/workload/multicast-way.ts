import { NETWORKS_ANNOTATION, type Attachment } from "../network/attachment";
import { Faults } from "../private/validate";
import { attach, type AttachOptions } from "./attach";
import { hasJoined, markJoined, podAnnotations, setInPodSpec, type Workload } from "./workload";
import { checkShape } from "../private/shape";

/** The name of a {@link MulticastWay}. */
export type MulticastWayKind = "attached" | "hostNetwork" | "hybrid";

/**
 * How pods take part in multicast where the cluster's own network does not carry it. Each way gives something up:
 *
 * | way | Services and DNS | multicast | gives up |
 * |---|---|---|---|
 * | `attached` | as the attachments leave them | by the attached interface | network policies and the node's own traffic there |
 * | `hostNetwork` | none of its own | by the node's interfaces | ports and addresses of its own, isolation, Pod Security |
 * | `hybrid` | by the cluster network, checked | by the attached interface | the same as `attached`, and a default route there |
 */
export abstract class MulticastWay {
  /**
   * Pods on secondary networks, with the explicit route 224.0.0.0/4 to the attached interface; without that route
   * multicast follows the default route into the cluster network and is lost. It gives up network policies on the
   * attached interface, and packets between a pod and its own node where the network is macvlan or ipvlan. An attachment may take the
   * pods' default route, and Services with it.
   */
  public static attached(attachments: readonly Attachment[], options: AttachOptions = {}): MulticastWay {
    checkShape("MulticastWay.attached", "MulticastWay.attached(attachments)", attachments, "attachments");
    checkShape("MulticastWay.attached", "AttachOptions", options);
    return new Attached(attachments, options, "attached");
  }

  /**
   * Pods on their node's own network: the fastest, and nothing to set up. It gives up the Service model (the pods have their
   * node's address, a port can be taken once on a node, and two of them may not meet), isolation between pods and
   * node, and Pod Security above `privileged`. Multicast leaves by the node's own routes. On OVN-Kubernetes such pods do not
   * take part in the cluster network's multicast.
   */
  public static hostNetwork(): MulticastWay {
    return new HostNetwork();
  }

  /**
   * Services and DNS on the cluster network, multicast on the attached interface: as `attached`, and refused where an
   * attachment would take the default route. It gives up reaching networks behind the attached one but by routes of
   * their own, and a pod has two addresses of which Services know one.
   */
  public static hybrid(attachments: readonly Attachment[], options: AttachOptions = {}): MulticastWay {
    checkShape("MulticastWay.hybrid", "MulticastWay.hybrid(attachments)", attachments, "attachments");
    checkShape("MulticastWay.hybrid", "AttachOptions", options);
    return new Attached(attachments, options, "hybrid");
  }

  /** Which way it is. */
  public abstract readonly kind: MulticastWayKind;

  /**
   * Sets a workload up for this way.
   *
   * @returns the workload.
   * @throws ValidationError when the workload or an attachment does not fit the way.
   */
  public abstract applyTo<T extends Workload>(workload: T): T;
}

class Attached extends MulticastWay {
  public constructor(
    private readonly attachments: readonly Attachment[],
    private readonly options: AttachOptions,
    public override readonly kind: "attached" | "hybrid",
  ) {
    super();
  }

  public override applyTo<T extends Workload>(workload: T): T {
    const faults = new Faults(workload);
    if (this.attachments.length > 0 && this.attachments.every(({ network }) => network.hasMulticastRoute === false))
      faults.add(
        "attachments",
        this.attachments.map(({ network }) => network.networkName),
        { must: "hold a network with a route for 224.0.0.0/4", use: "multicastRoute: true on one of them" },
      );
    if (this.kind === "hybrid") this.attachments.forEach((each, index) => checkDefaultRoute(faults, each, index));
    faults.throwIfAny();
    return attach(workload, this.attachments, this.options);
  }
}

function checkDefaultRoute(faults: Faults, { network, props }: Attachment, index: number): void {
  const field = `attachments[${index}]`;
  const must = "leave the default route, and Services with it, on the cluster network";
  if (props.defaultRoute?.length)
    faults.add(`${field}.defaultRoute`, props.defaultRoute, { must, use: "MulticastWay.attached" });
  if (network.takesDefaultRoute)
    faults.add(`${field}.network`, network.networkName, { must, use: "takesDefaultRoute: false on the network" });
}

class HostNetwork extends MulticastWay {
  public override readonly kind = "hostNetwork";

  public override applyTo<T extends Workload>(workload: T): T {
    const faults = new Faults(workload);
    if (hasJoined(workload) || NETWORKS_ANNOTATION in podAnnotations(workload))
      faults.add("workload", workload.node.id, {
        must: "have no other way: Multus attaches nothing to pods on the host's network",
        use: "one way for each workload",
      });
    faults.throwIfAny();
    markJoined(workload);
    // With the default policy such pods ask the node's resolver and find no Service (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy).
    setInPodSpec(workload, { host_network: true, dns_policy: "ClusterFirstWithHostNet" });
    return workload;
  }
}
