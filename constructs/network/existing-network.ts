import { AddressPlan } from "./address-plan";
import type { IpamRange } from "./ipam-range";
import { checkRange } from "./ipam-rules";
import type { AttachmentIps, INetwork } from "./network";
import type { INamespace } from "../namespace/namespace";
import { cidr } from "../private/ip-rules";
import { dns1123Label, oneOf } from "../private/rules";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { Faults } from "../private/validate";
import { checkShape } from "../private/shape";

/** What is known of a definition that exists: see `NetworkAttachmentDefinition.fromNetworkName`. */
export interface NetworkAttachmentDefinitionAttributes {
  /** Namespace of the definition. */
  readonly namespace: INamespace;
  /** Name of the object, a DNS-1123 label. */
  readonly networkName: string;
  /**
   * Subnets that the pods' addresses lie in, in CIDR notation, so that they can be checked.
   *
   * @default those of `ranges`
   */
  readonly subnets?: readonly string[];
  /**
   * Ranges that pods of ours may take addresses from; give them where the network's own IPAM keeps its state on each node
   * (host-local) or has no addresses (static).
   *
   * @default none: `nextAddresses()` gives nothing, and the network's IPAM the addresses
   */
  readonly ranges?: readonly IpamRange[];
  /**
   * Whether attached pods get a route for multicast (224.0.0.0/4) out of the attached interface.
   *
   * @default true: a check of the network finds out
   */
  readonly hasMulticastRoute?: boolean;
  /**
   * Whether attached pods get their default route by this network.
   *
   * @default not known
   */
  readonly takesDefaultRoute?: boolean;
  /**
   * Whether an attachment may choose its MAC address.
   *
   * @default not known
   */
  readonly acceptsMac?: boolean;
  /**
   * Whether an attachment has to name its `ips`.
   *
   * @default not known
   */
  readonly attachmentIps?: AttachmentIps;
}

/** A definition that somebody else made and removes. */
export class ExistingNetwork extends Construct implements INetwork {
  public readonly networkName: string;
  public readonly namespace: INamespace;
  public readonly subnets: readonly string[];
  public readonly hasMulticastRoute: boolean;
  public readonly takesDefaultRoute?: boolean;
  public readonly acceptsMac?: boolean;
  public readonly attachmentIps?: AttachmentIps;
  public readonly ready: ITerraformDependable[] = [];
  private readonly addresses: AddressPlan;

  public constructor(scope: Construct, id: string, attributes: NetworkAttachmentDefinitionAttributes) {
    super(scope, id);
    checkShape(this, "NetworkAttachmentDefinitionAttributes", attributes);
    const { ranges = [] } = attributes;
    this.networkName = attributes.networkName;
    this.namespace = attributes.namespace;
    this.subnets = attributes.subnets ?? ranges.map(({ subnet }) => subnet);
    this.hasMulticastRoute = attributes.hasMulticastRoute ?? true;
    this.takesDefaultRoute = attributes.takesDefaultRoute;
    this.acceptsMac = attributes.acceptsMac;
    this.attachmentIps = attributes.attachmentIps;
    const faults = checkIdentity(new Faults(this), this.networkName, this.subnets);
    faults.check("attachmentIps", attributes.attachmentIps, oneOf(["required", "optional", "refused"]));
    ranges.forEach((range, index) => checkRange(faults, `ranges[${index}].`, range));
    faults.throwIfAny();
    this.addresses = new AddressPlan(this, ranges);
  }

  /** {@inheritDoc INetwork.nextAddresses} */
  public nextAddresses(): readonly string[] {
    return this.addresses.next();
  }

  /** {@inheritDoc INetworkAttachmentDefinition.nameOn} */
  public nameOn(): string {
    return this.networkName;
  }
}

/** Adds what is wrong with the name and the subnets of a definition. */
export function checkIdentity(faults: Faults, networkName: string, subnets: readonly string[]): Faults {
  faults.check("networkName", networkName, dns1123Label);
  subnets.forEach((subnet, index) => faults.check(`subnets[${index}]`, subnet, cidr));
  return faults;
}
