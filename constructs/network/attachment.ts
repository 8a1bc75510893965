import type { INetworkAttachmentDefinition } from "./network";
import { checkShape } from "../private/shape";

/** Options of one {@link Attachment}. */
export interface AttachmentProps {
  /**
   * Addresses of the interface, in CIDR form like `198.19.0.50/24`; at most one for each address family.
   *
   * @default the network's IPAM gives the addresses
   */
  readonly ips?: readonly string[];
  /**
   * MAC address of the interface: six hex octets joined by colons, unicast.
   *
   * @default the kernel makes one up
   */
  readonly mac?: string;
  /**
   * Name of the interface inside the pod, 15 characters at most; not `lo` or `eth0`.
   *
   * @default `net1` for the pod's first attachment, `net2` for the second, …
   */
  readonly interfaceName?: string;
  /**
   * Gateways that the pod's default route is moved to, as plain addresses; the pod then reaches Services and DNS
   * only by the more specific routes that the cluster network left.
   *
   * @default the default route stays on the cluster network
   */
  readonly defaultRoute?: readonly string[];
}

/** One attachment of a pod to a secondary network. */
export class Attachment {
  /** An attachment to `network`. */
  public static of(network: INetworkAttachmentDefinition, props: AttachmentProps = {}): Attachment {
    checkShape("Attachment.of", "Attachment.of(network)", network, "network");
    checkShape("Attachment.of", "AttachmentProps", props);
    return new Attachment(network, props);
  }

  private constructor(
    /** The network. */
    public readonly network: INetworkAttachmentDefinition,
    /** How the pod is attached. */
    public readonly props: AttachmentProps,
  ) {}
}

/** Annotation that names a pod's networks (https://github.com/k8snetworkplumbingwg/multi-net-spec). */
export const NETWORKS_ANNOTATION = "k8s.v1.cni.cncf.io/networks";

/** Value of {@link NETWORKS_ANNOTATION} for a pod with these attachments, in this order; `node` is the one that it is bound to. */
export function networksAnnotation(attachments: readonly Attachment[], node?: string): string {
  checkShape("networksAnnotation", "networksAnnotation(node)", node, "node");
  const names = interfaceNames(attachments);
  return JSON.stringify(
    attachments.map(({ network, props }, index) => ({
      name: network.nameOn(node) ?? network.networkName,
      namespace: network.namespace.namespaceName,
      interface: names[index],
      ips: props.ips,
      mac: props.mac,
      "default-route": props.defaultRoute,
    })),
  );
}

/** Name inside the pod of the interface of each attachment, in the same order. */
export function interfaceNames(attachments: readonly Attachment[]): string[] {
  checkShape("interfaceNames", "interfaceNames(attachments)", attachments, "attachments");
  return attachments.map(({ props }, index) => props.interfaceName ?? `net${index + 1}`);
}
