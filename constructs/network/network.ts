import type { IpamRange } from "./ipam-range";
import type { INamespace } from "../namespace/namespace";
import type { IConstruct, ITerraformDependable } from "../private/terraform";

/** What a network's IPAM makes of the `ips` of an attachment: it needs them, takes them, or would ignore them. */
export type AttachmentIps = "required" | "optional" | "refused";

/** A NetworkAttachmentDefinition that pods can be attached to: one we make, or one that exists. */
export interface INetworkAttachmentDefinition extends IConstruct {
  /** Name of the network: that of its NetworkAttachmentDefinition object, or what the names of its objects begin with where it has several. */
  readonly networkName: string;
  /** Namespace of the NetworkAttachmentDefinition object. */
  readonly namespace: INamespace;
  /** Subnets whose addresses its interfaces get, in CIDR notation; empty where that is not known at synth. */
  readonly subnets: readonly string[];
  /** Whether attached pods get a route for multicast (224.0.0.0/4) out of the attached interface; undefined where that is not known. */
  readonly hasMulticastRoute?: boolean;
  /** Whether attached pods send IPv6 multicast (ff00::/8) out of the attached interface; undefined where that is not known. */
  readonly hasIpv6MulticastRoute?: boolean;
  /** Whether an attachment may choose its MAC address; undefined where that is not known. */
  readonly acceptsMac?: boolean;
  /** Parts of the subnets that the `ips` of an attachment must lie in; undefined where any address of the subnets will do. */
  readonly ranges?: readonly IpamRange[];
  /** Whether an attachment has to name its `ips`; undefined where that is not known. */
  readonly attachmentIps?: AttachmentIps;
  /** Whether attached pods get their default route by this network; undefined where that is not known. */
  readonly takesDefaultRoute?: boolean;
  /** What must be applied before a pod can be attached. */
  readonly ready: ITerraformDependable[];

  /**
   * Name of the NetworkAttachmentDefinition object for pods on a node. It differs from node to node only in a network
   * whose NIC has another name on some nodes.
   *
   * @param node name of the node; undefined where the scheduler chooses
   * @returns undefined where the node has none, or where it depends on the node and none is named.
   */
  nameOn(node?: string): string | undefined;
}

/** A secondary network that multicast is checked on. */
export interface INetwork extends INetworkAttachmentDefinition {
  /** Whether attached pods get a route for multicast (224.0.0.0/4) out of the attached interface. */
  readonly hasMulticastRoute: boolean;

  /**
   * Addresses for one more pod of ours, one for each subnet, in CIDR form like `198.19.0.50/24`; no two calls on the same network give the same address. They are given out at
   * synth, in the order of the calls, since host-local IPAM keeps its state on each node and would give the same address
   * to pods on two nodes (https://www.cni.dev/plugins/current/ipam/host-local/). Hand them to `Attachment.of` as `ips`.
   *
   * @returns an empty list where the network's IPAM gives unique addresses itself, or none at all.
   * @throws ValidationError when the range has no address left.
   */
  nextAddresses(): readonly string[];
}
