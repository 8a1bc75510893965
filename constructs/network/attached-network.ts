import { AddressPlan } from "./address-plan";
import type { CniConfig, CniPluginConfig } from "./cni-config";
import type { Ipam } from "./ipam";
import type { IpamRange, IpamRoute } from "./ipam-range";
import { checkClusterOverlap, checkDefaultRoute, isDefaultRoute, mtuForSubnets, notAbove } from "./network-rules";
import type { AttachmentIps, INetwork } from "./network";
import { NetworkAttachmentDefinition } from "./network-attachment-definition";
import type { NodeLink } from "./node-group";
import { checkTuning, tuningPlugin, type Tuning } from "./tuning";
import { checkRangesOnLinks } from "./use-of-links";
import type { IMultus } from "../multus/multus";
import type { INamespace } from "../namespace/namespace";
import { nameFromPath } from "../private/names";
import { dns1123Label, mtu } from "../private/rules";
import { Construct, type ITerraformDependable, type TerraformElement } from "../private/terraform";
import { Faults } from "../private/validate";
import { checkShape } from "../private/shape";

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
   * Whether pods send multicast out of the attached interface where the program chooses none: 224.0.0.0/4 and not along their
   * default route, ff00::/8 and not by the pod's first interface. host-local, and whereabouts with an IPv6 gateway, cannot
   * give the route for ff00::/8 (see {@link AttachedNetwork.hasIpv6MulticastRoute}).
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
  /** Name of the kind's props. */
  readonly props: string;
  /** Interfaces that the network sits on, known only once it has its name. */
  links(networkName: string): NodeLink[];
  /** The plugin's configuration on one interface, without its IPAM. */
  plugin(link: string): CniPluginConfig;
  /** Whether pods can multicast on the network at all. */
  readonly carriesMulticast: boolean;
  /** Whether an attachment may choose its MAC address. */
  readonly acceptsMac: boolean;
  /** Adds the faults of the kind's own fields. */
  validate(faults: Faults): void;
}

/**
 * The next hop is named as "none": without it the plugins fill in the gateway of the range (host-local always has one),
 * and the kernel sends multicast to the gateway's MAC address, where nobody in the group hears it
 * (github.com/containernetworking/plugins pkg/ipam `ConfigureIface`).
 */
const multicastRoute: IpamRoute = { dst: "224.0.0.0/4", gw: "0.0.0.0" };

/**
 * The kernel gives each interface an ff00::/8 of metric 256 in the table `local` (255), which it asks before all others: the first
 * interface wins, unless a route there has a lower metric (net/ipv6/addrconf.c `addrconf_add_mroute`). It refuses `::` as a next
 * hop, so there is no route where the IPAM's answer has a gateway. Plugins before 1.6 do not know `table` and `priority`.
 */
const ipv6MulticastRoute: IpamRoute = { dst: "ff00::/8", table: 255, priority: 1 };

/** What networks of any kind that pods are attached to by Multus have in common. */
export abstract class AttachedNetwork extends Construct implements INetwork {
  public readonly networkName: string;
  public readonly namespace: INamespace;
  public readonly subnets: readonly string[];
  public readonly hasMulticastRoute: boolean;
  /**
   * Whether pods send to ff00::/8 by the attached interface though the program chooses none. Needs CNI plugins 1.6.0. Where it is
   * false, programs have to choose the interface, as most that speak IPv6 multicast do (`IPV6_MULTICAST_IF`).
   */
  public readonly hasIpv6MulticastRoute: boolean;
  public readonly ranges?: readonly IpamRange[];
  public readonly attachmentIps?: AttachmentIps;
  public readonly takesDefaultRoute: boolean;
  public readonly acceptsMac: boolean;
  public readonly ready: ITerraformDependable[];
  /** The NetworkAttachmentDefinitions: one, or one for each group of nodes in the order of the groups. */
  public readonly definitions: readonly NetworkAttachmentDefinition[];
  private readonly links: readonly NodeLink[];
  private readonly addresses: AddressPlan;

  /** @internal the kinds of networks are ours */
  protected constructor(scope: Construct, id: string, props: AttachedNetworkProps, kind: NetworkKind) {
    super(scope, id);
    checkShape(this, kind.props, props);
    const { namespace, ipam } = props;
    this.networkName = props.networkName ?? nameFromPath(this);
    this.namespace = namespace;
    this.subnets = ipam.subnets;
    this.acceptsMac = kind.acceptsMac;
    this.links = kind.links(this.networkName);
    this.ranges = ipam.attachmentRanges;
    this.attachmentIps = ipam.attachmentIps;
    const wanted = props.multicastRoute ?? (ipam.acceptsRoutes && kind.carriesMulticast);
    const missing = [multicastRoute, ...(ipam.acceptsIpv6LinkRoutes ? [ipv6MulticastRoute] : [])].filter(
      ({ dst }) => wanted && !hasRoute(ipam, dst),
    );
    const hasOrGets = ({ dst }: IpamRoute): boolean =>
      hasRoute(ipam, dst) || missing.some((route) => route.dst === dst);
    this.hasMulticastRoute = hasOrGets(multicastRoute);
    this.hasIpv6MulticastRoute = hasOrGets(ipv6MulticastRoute);
    this.takesDefaultRoute = ipam.routes.some(isDefaultRoute);
    this.checkProps(props, kind);
    this.addresses = new AddressPlan(this, ipam.ranges);
    const section = ipam.toCni(missing);
    this.definitions = this.links.map((link) => this.define(link, props, { ...kind.plugin(link.link), ipam: section }));
    this.ready = this.definitions.flatMap(({ ready }) => ready);
  }

  /** The Helm release of the first definition. */
  public get resource(): TerraformElement {
    const [first] = this.definitions;
    if (!first) throw new Error(`${this.node.path} has no definition`);
    return first.resource;
  }

  /** {@inheritDoc INetwork.nextAddresses} */
  public nextAddresses(): readonly string[] {
    return this.addresses.next();
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
    const { subnets, takesDefaultRoute } = this;
    const common = { multus, namespace, networkName, subnets, takesDefaultRoute };
    return new NetworkAttachmentDefinition(this, id, { ...common, config });
  }

  private checkProps(props: AttachedNetworkProps, kind: NetworkKind): void {
    const { ipam, multus, tuning } = props;
    const { cluster } = multus;
    const mtuRule = mtuForSubnets(ipam.subnets);
    const faults = new Faults(this)
      .check("networkName", this.networkName, dns1123Label)
      .check("mtu", props.mtu, mtu, mtuRule);
    kind.validate(faults);
    if (tuning) checkTuning(faults, tuning, [mtuRule, notAbove(props.mtu, "network's mtu")]);
    ipam.validate(faults);
    checkClusterOverlap(faults, "ipam.subnet", ipam.subnets, cluster);
    if (!props.takesDefaultRoute) checkDefaultRoute(faults, "ipam.routes", ipam.routes);
    if (props.multicastRoute && !ipam.acceptsRoutes) {
      const use = "another Ipam, or multicastRoute: false";
      faults.add("multicastRoute", true, { must: "be false with an IPAM that gives no routes", use });
    }
    const links = this.links.map(({ link }) => link);
    checkRangesOnLinks(faults, cluster, links, ipam.addressRanges());
    faults.throwIfAny();
  }
}

function hasRoute({ routes }: Ipam, dst: string): boolean {
  return routes.some((route) => route.dst === dst);
}
