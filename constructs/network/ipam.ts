import { pluginName } from "./cni-config";
import type { AttachmentIps } from "./network";
import type { IpamRange, IpamRoute } from "./ipam-range";
import { checkRange, checkRoutes, rangesOf } from "./ipam-rules";
import { checkWhereabouts, whereaboutsConfig, type WhereaboutsIpamProps } from "./whereabouts";
import { parseSubnet, type IpRange } from "../private/ip-range";
import { cidr, interfaceAddress } from "../private/ip-rules";
import { addShapeFaults, shapeFaults, type ShapeFault } from "../private/shape";
import type { Faults } from "../private/validate";

/** Options of {@link Ipam.hostLocal}. */
export interface HostLocalIpamProps extends IpamRange {
  /**
   * Further ranges, each giving every pod one more address; one of the other family makes the network dual-stack.
   *
   * @default none
   */
  readonly additionalRanges?: readonly IpamRange[];
  /**
   * Routes of each pod beside those of its own subnets.
   *
   * @default none; a network may add the multicast route
   */
  readonly routes?: readonly IpamRoute[];
}

/** Options of {@link Ipam.static}. */
export interface StaticIpamProps {
  /**
   * Addresses of the one pod that is attached without `ips`, in CIDR form; an attachment with `ips` has those instead.
   *
   * @default none: each attachment has to name its `ips`
   */
  readonly addresses?: readonly string[];
  /**
   * Ranges that `nextAddresses()` of the network takes addresses from; the plugin itself never sees them.
   *
   * @default none
   */
  readonly ranges?: readonly IpamRange[];
  /**
   * Routes of each pod beside those of its own subnets.
   *
   * @default none; a network may add the multicast route
   */
  readonly routes?: readonly IpamRoute[];
}

/** Options of {@link Ipam.custom}. */
export interface CustomIpamProps {
  /**
   * Subnets that the plugin takes addresses from, in CIDR notation, so that they can be checked for overlaps.
   *
   * @default none
   */
  readonly subnets?: readonly string[];
}

/** What the kinds of {@link Ipam} differ in. */
interface IpamKind {
  readonly config: Readonly<Record<string, unknown>>;
  readonly routes?: readonly IpamRoute[];
  readonly ranges: readonly IpamRange[];
  readonly subnets: readonly string[];
  readonly addresses: readonly string[];
  readonly acceptsRoutes: boolean;
  /** What becomes of the addresses that attachments name; undefined where that is not known. */
  readonly attachmentIps?: AttachmentIps;
  /** Whether the plugin takes such addresses from its ranges alone. */
  readonly bindsToRanges?: boolean;
  /** Whether the plugin's answer names a gateway for IPv6, which then is the next hop of all IPv6 routes. */
  readonly hasIpv6Gateway?: boolean;
  /** Whether the plugin itself gives no address twice in the cluster. */
  readonly isUnique: boolean;
  readonly validate?: (faults: Faults) => void;
}

const emptyKind: IpamKind = {
  config: {},
  ranges: [],
  subnets: [],
  addresses: [],
  acceptsRoutes: true,
  isUnique: false,
};

/** Who gives the pods of a network their addresses and routes (https://www.cni.dev/plugins/current/ipam/). */
export class Ipam {
  /**
   * Addresses from a range, remembered by each node for itself: pods on two nodes get the same address unless their
   * attachments name `ips`. `nextAddresses()` of the network gives such addresses. Name them for all pods or for none: a pod
   * without gets the one after the last that was asked for on its node, which may be in use on another.
   *
   * @see https://www.cni.dev/plugins/current/ipam/host-local/
   */
  public static hostLocal(props: HostLocalIpamProps): Ipam {
    const faults = shapeFaults("HostLocalIpamProps", props);
    if (faults.length > 0) return Ipam.refused(faults);
    const { additionalRanges = [], routes, ...range } = props;
    const ranges = [range, ...additionalRanges];
    const config = { type: "host-local", ranges: ranges.map((each) => [each]) };
    return new Ipam({
      ...emptyKind,
      config,
      ranges,
      routes,
      subnets: ranges.map(({ subnet }) => subnet),
      attachmentIps: "optional",
      bindsToRanges: true,
      hasIpv6Gateway: true,
    });
  }

  /**
   * Addresses named by the attachments, or by this configuration for a single pod.
   *
   * @see https://www.cni.dev/plugins/current/ipam/static/
   */
  public static static(props: StaticIpamProps = {}): Ipam {
    const faults = shapeFaults("StaticIpamProps", props);
    if (faults.length > 0) return Ipam.refused(faults);
    const { addresses = [], ranges = [], routes } = props;
    const config = {
      type: "static",
      ...(addresses.length > 0 && { addresses: addresses.map((address) => ({ address })) }),
    };
    const subnets = ranges.map(({ subnet }) => subnet);
    const attachmentIps = addresses.length > 0 ? "optional" : "required";
    return new Ipam({ ...emptyKind, config, addresses, ranges, routes, subnets, attachmentIps });
  }

  /**
   * Addresses from a DHCP server on the network. Each node has to run the plugin's daemon, which this library does not
   * install; routes are the server's.
   *
   * @see https://www.cni.dev/plugins/current/ipam/dhcp/
   */
  public static dhcp(): Ipam {
    return new Ipam({ ...emptyKind, config: { type: "dhcp" }, acceptsRoutes: false, attachmentIps: "refused" });
  }

  /** No addresses and no routes: an interface for programs that bring their own. */
  public static none(): Ipam {
    return new Ipam({ ...emptyKind, config: {}, acceptsRoutes: false, attachmentIps: "refused" });
  }

  /**
   * Addresses from a range, each given once in the whole cluster. The plugin and its objects must be in the cluster, which this
   * library does not see to; OpenShift has them.
   *
   * @see https://github.com/k8snetworkplumbingwg/whereabouts
   */
  public static whereabouts(props: WhereaboutsIpamProps): Ipam {
    const faults = shapeFaults("WhereaboutsIpamProps", props);
    if (faults.length > 0) return Ipam.refused(faults);
    const ranges = [props, ...(props.additionalRanges ?? [])];
    return new Ipam({
      ...emptyKind,
      config: whereaboutsConfig(props),
      ranges,
      routes: props.routes,
      subnets: ranges.map(({ subnet }) => subnet),
      hasIpv6Gateway: props.gateway?.includes(":"),
      isUnique: true,
      validate: (faults) => checkWhereabouts(faults, props),
    });
  }

  /**
   * Any other IPAM plugin; `config` is handed on as it is, a multicast route being added to its `routes`.
   *
   * @example Ipam.custom({ type: "nv-ipam", poolName: "media" }, { subnets: ["10.30.0.0/24"] })
   */
  public static custom(config: Readonly<Record<string, unknown>>, props: CustomIpamProps = {}): Ipam {
    const faults = [...shapeFaults("Ipam.custom(config)", config, "config"), ...shapeFaults("CustomIpamProps", props)];
    if (faults.length > 0) return Ipam.refused(faults);
    const { routes, ...rest } = config;
    return new Ipam({
      ...emptyKind,
      config: rest,
      routes: routes as readonly IpamRoute[],
      // Not known here; with one the route would be refused when a pod starts.
      hasIpv6Gateway: true,
      subnets: props.subnets ?? [],
    });
  }

  /** One that the network which uses it refuses, by path and field. */
  private static refused(faults: readonly ShapeFault[]): Ipam {
    return new Ipam({ ...emptyKind, validate: (found) => addShapeFaults(found, "ipam", faults) });
  }

  private constructor(private readonly kind: IpamKind) {}

  /** Subnets that the pods' addresses lie in, in CIDR notation, as far as known. */
  public get subnets(): readonly string[] {
    return this.kind.subnets;
  }

  /** Whether routes can be given to the pods by this IPAM. */
  public get acceptsRoutes(): boolean {
    return this.kind.acceptsRoutes;
  }

  /** Routes that this configuration gives the pods. */
  public get routes(): readonly IpamRoute[] {
    return this.kind.routes ?? [];
  }

  /** What becomes of the addresses that attachments name; undefined where that is not known. */
  public get attachmentIps(): AttachmentIps | undefined {
    return this.kind.attachmentIps;
  }

  /** Ranges that such addresses must lie in; undefined where any address of the subnets will do. */
  public get attachmentRanges(): readonly IpamRange[] | undefined {
    return this.kind.bindsToRanges ? this.kind.ranges : undefined;
  }

  /** Whether a route without a next hop can be given for IPv6, and some pod is known to have an IPv6 address. */
  public get acceptsIpv6LinkRoutes(): boolean {
    const { acceptsRoutes, hasIpv6Gateway, subnets, addresses } = this.kind;
    return acceptsRoutes && !hasIpv6Gateway && [...subnets, ...addresses].some((text) => text.includes(":"));
  }

  /** Name of the plugin, `none` without one. */
  public get name(): string {
    return String(this.kind.config.type ?? "none");
  }

  /** Ranges that addresses can be planned from. */
  public get ranges(): readonly IpamRange[] {
    return this.kind.isUnique ? [] : this.kind.ranges;
  }

  /** The `ipam` section of a CNI configuration, with `extraRoutes` in front of its own. */
  public toCni(extraRoutes: readonly IpamRoute[] = []): Record<string, unknown> {
    const routes = [...extraRoutes, ...this.routes];
    return { ...this.kind.config, ...(routes.length > 0 && { routes }) };
  }

  /**
   * The addresses of each range; ranges that are not valid are left out.
   *
   * @internal
   */
  public addressRanges(): IpRange[] {
    return rangesOf(this.kind.ranges);
  }

  /**
   * Adds the faults of the values to those of the construct that uses them.
   *
   * @internal
   */
  public validate(faults: Faults): void {
    const { ranges, addresses, subnets, config } = this.kind;
    ranges.forEach((range, index) => checkRange(faults, ranges.length > 1 ? `ipam.ranges[${index}].` : "ipam.", range));
    addresses.forEach((address, index) => faults.check(`ipam.addresses[${index}]`, address, interfaceAddress));
    if (ranges.length === 0) subnets.forEach((subnet, index) => faults.check(`ipam.subnets[${index}]`, subnet, cidr));
    checkRoutes(faults, this.routes);
    this.kind.validate?.(faults);
    if (Object.keys(config).length > 0) faults.check("ipam.type", String(config.type ?? ""), pluginName);
    this.checkOverlaps(faults);
  }

  private checkOverlaps(faults: Faults): void {
    const subnets = this.subnets.map((text) => ({ text, subnet: parseSubnet(text) }));
    subnets.forEach(({ text, subnet }, index) => {
      const other = subnets.slice(0, index).find((earlier) => subnet && earlier.subnet?.overlaps(subnet));
      if (other)
        faults.add("ipam", text, { must: `not use a subnet twice (${other.text})`, use: "one range for each subnet" });
    });
  }
}
