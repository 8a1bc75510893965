import { AddressPlan } from "./address-plan";
import type { CniConfig, CniPluginConfig } from "./cni-config";
import type { Ipam } from "./ipam";
import type { IpamRoute } from "./ipam-range";
import { checkClusterOverlap, checkDefaultRoute, isDefaultRoute, mtuForSubnets, notAbove } from "./network-rules";
import type { INetwork } from "./network";
import { NetworkAttachmentDefinition } from "./network-attachment-definition";
import type { NodeLink } from "./node-group";
import { checkTuning, tuningPlugin, type Tuning } from "./tuning";
import { checkRangesOnLinks } from "./use-of-links";
import type { IMultus } from "../multus/multus";
import type { INamespace } from "../namespace/namespace";
import { nameFromPath } from "../private/names";
import { dns1123Label, mtu } from "../private/rules";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { Faults } from "../private/validate";

/** What the props of all attached networks have in common. */
export interface AttachedNetworkProps {
  /** The Multus that serves the network. */
  readonly multus: IMultus;
  /** Namespace of the network's NetworkAttachmentDefinition. */
  readonly namespace: INamespace;
  /** Who gives the pods their addresses and routes. */
  readonly ipam: Ipam;
  /**
   * Name of the NetworkAttachmentDefinition, a DNS-1123 label.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly networkName?: string;
  /**
   * Largest packet in bytes, from 68 (1280 with IPv6) up to that of the interface that the network sits on.
   *
   * @default that of the interface that the network sits on
   */
  readonly mtu?: number;
  /**
   * Whether pods send IPv4 multicast (224.0.0.0/4) out of the attached interface and not along their default route. IPv6 needs no route:
   * the kernel gives each interface its own ff00::/8, and the sender chooses the interface.
   *
   * @default true where the IPAM gives routes and the interface carries multicast
   */
  readonly multicastRoute?: boolean;
  /**
   * Whether the IPAM's routes may hold a default route, which takes the pods' way to Services and DNS.
   *
   * @default false
   */
  readonly takesDefaultRoute?: boolean;
  /**
   * What is set on each pod's interface after it was made. The configuration is then a chain, and paths of
   * `addCniOverride` begin with `plugins.0` for the network's own plugin and `plugins.1` for the tuning.
   *
   * @default nothing
   */
  readonly tuning?: Tuning;
}

/** What the kinds of attached networks differ in. */
export interface NetworkKind {
  /** Interfaces that the network sits on, known only once it has its name. */
  links(networkName: string): NodeLink[];
  /** The plugin's configuration on one interface, without its IPAM. */
  plugin(link: string): CniPluginConfig;
  /** Whether pods can multicast on the network at all. */
  readonly carriesMulticast: boolean;
  /** Whether an attachment may choose its MAC address. */
  readonly acceptsMac: boolean;
  /** Adds the faults of the kind's own fields. */
  validate(faults: Faults, network: AttachedNetwork): void;
}

/**
 * The next hop is named as "none": without it the plugins fill in the gateway of the range (host-local always has one),
 * and the kernel sends multicast to the gateway's MAC address, where nobody in the group hears it
 * (github.com/containernetworking/plugins pkg/ipam `ConfigureIface`).
 */
const multicastRoute: IpamRoute = { dst: "224.0.0.0/4", gw: "0.0.0.0" };

/** What networks of any kind that pods are attached to by Multus have in common. */
export abstract class AttachedNetwork extends Construct implements INetwork {
  public readonly networkName: string;
  public readonly namespace: INamespace;
  public readonly subnets: readonly string[];
  public readonly hasMulticastRoute: boolean;
  public readonly takesDefaultRoute: boolean;
  public readonly acceptsMac: boolean;
  public readonly ready: ITerraformDependable[];
  /** The NetworkAttachmentDefinitions: one, or one for each group of nodes in the order of the groups. */
  public readonly definitions: readonly NetworkAttachmentDefinition[];
  private readonly links: readonly NodeLink[];
  private readonly addresses: AddressPlan;

  protected constructor(scope: Construct, id: string, props: AttachedNetworkProps, kind: NetworkKind) {
    super(scope, id);
    const { namespace, ipam } = props;
    this.networkName = props.networkName ?? nameFromPath(this);
    this.namespace = namespace;
    this.subnets = ipam.subnets;
    this.acceptsMac = kind.acceptsMac;
    this.links = kind.links(this.networkName);
    const hasRoute = ipam.routes.some(({ dst }) => dst === multicastRoute.dst);
    this.hasMulticastRoute = hasRoute || (props.multicastRoute ?? (ipam.acceptsRoutes && kind.carriesMulticast));
    this.takesDefaultRoute = ipam.routes.some(isDefaultRoute);
    this.checkProps(props, kind);
    this.addresses = new AddressPlan(ipam.ranges);
    const section = ipam.toCni(this.hasMulticastRoute && !hasRoute ? [multicastRoute] : []);
    this.definitions = this.links.map((link) => this.define(link, props, { ...kind.plugin(link.link), ipam: section }));
    this.ready = this.definitions.flatMap(({ ready }) => ready);
  }

  /** {@inheritDoc INetwork.nextAddresses} */
  public nextAddresses(): readonly string[] {
    const addresses = this.addresses.next();
    if (addresses) return addresses;
    const violation = { must: "have an address for each pod of the checks", use: "a wider range" };
    new Faults(this).add("ipam", this.subnets.join(", "), violation).throwIfAny();
    return [];
  }

  /** {@inheritDoc INetworkAttachmentDefinition.nameOn} */
  public nameOn(node?: string): string | undefined {
    return this.links.find(({ nodes }) => !nodes || (node !== undefined && nodes.includes(node)))?.networkName;
  }

  /**
   * Sets one value of the CNI configuration, also one that this library does not know, for all groups of nodes. The
   * value is not checked.
   *
   * @param path keys joined by dots, like `ipam.gateway`; with `tuning` like `plugins.0.ipam.gateway`
   * @param value anything that JSON can hold
   * @throws ValidationError when the path is not of that form.
   */
  public addCniOverride(path: string, value: unknown): void {
    this.definitions.forEach((definition) => definition.addCniOverride(path, value));
  }

  private define({ networkName, nodes, link }: NodeLink, props: AttachedNetworkProps, plugin: CniPluginConfig) {
    const { multus, namespace, tuning } = props;
    const config: CniConfig = tuning ? { plugins: [plugin, tuningPlugin(tuning)] } : plugin;
    const id = nodes ? `Definition-${link}` : "Definition";
    return new NetworkAttachmentDefinition(this, id, { multus, namespace, networkName, config, subnets: this.subnets });
  }

  private checkProps(props: AttachedNetworkProps, kind: NetworkKind): void {
    const { ipam, multus, tuning } = props;
    const { cluster } = multus;
    const mtuRule = mtuForSubnets(ipam.subnets);
    const faults = new Faults(this)
      .check("networkName", this.networkName, dns1123Label)
      .check("mtu", props.mtu, mtu, mtuRule);
    kind.validate(faults, this);
    if (tuning) checkTuning(faults, tuning, [mtuRule, notAbove(props.mtu)]);
    ipam.validate(faults);
    checkClusterOverlap(faults, ipam, cluster);
    if (!props.takesDefaultRoute) checkDefaultRoute(faults, ipam);
    if (props.multicastRoute && !ipam.acceptsRoutes) {
      const use = "another Ipam, or multicastRoute: false";
      faults.add("multicastRoute", true, { must: "be false with an IPAM that gives no routes", use });
    }
    const links = this.links.map(({ link }) => link);
    checkRangesOnLinks(faults, this, cluster, links, ipam);
    faults.throwIfAny();
  }
}
