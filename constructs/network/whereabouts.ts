import type { IpamRange, IpamRoute } from "./ipam-range";
import { parseAddress, parseSubnet } from "../private/ip-range";
import { cidr, insideRange } from "../private/ip-rules";
import { filePath } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** A part of one subnet that the whereabouts plugin takes addresses from. */
export interface WhereaboutsRange extends Omit<IpamRange, "gateway"> {
  /**
   * Networks inside the subnet that no pod gets an address of, in CIDR notation; `/32` or `/128` for a single address.
   *
   * @default none but the gateway
   */
  readonly exclude?: readonly string[];
}

/** Options of `Ipam.whereabouts`. */
export interface WhereaboutsIpamProps extends WhereaboutsRange {
  /**
   * Address of the gateway, inside the subnet; no pod gets it.
   *
   * @default none
   */
  readonly gateway?: string;
  /**
   * Further ranges, each giving every pod one more address; one of the other family makes the network dual-stack.
   *
   * @default none
   */
  readonly additionalRanges?: readonly WhereaboutsRange[];
  /**
   * Routes of each pod beside those of its own subnets.
   *
   * @default none; a network may add the multicast route
   */
  readonly routes?: readonly IpamRoute[];
  /**
   * Path of the plugin's own configuration file on the nodes. On K3s it lies in the CNI directory of K3s, where the plugin does not look.
   *
   * @default the plugin's: /etc/kubernetes/cni/net.d/whereabouts.d/whereabouts.conf, then the same below /etc/cni
   */
  readonly configurationPath?: string;
}

/** The `ipam` section (https://github.com/k8snetworkplumbingwg/whereabouts/blob/master/doc/extended-configuration.md). */
export function whereaboutsConfig(props: WhereaboutsIpamProps): Record<string, unknown> {
  const { gateway, additionalRanges = [], configurationPath } = props;
  const own = gateway === undefined ? [] : [`${gateway}/${gateway.includes(":") ? 128 : 32}`];
  const exclude = [...(props.exclude ?? []), ...own];
  return {
    type: "whereabouts",
    ...(configurationPath !== undefined && { configuration_path: configurationPath }),
    ...rangeConfig({ ...props, exclude }),
    ...(gateway !== undefined && { gateway }),
    ...(additionalRanges.length > 0 && { ipRanges: additionalRanges.map(rangeConfig) }),
  };
}

function rangeConfig({ subnet, rangeStart, rangeEnd, exclude = [] }: WhereaboutsRange): Record<string, unknown> {
  return {
    range: subnet,
    ...(rangeStart !== undefined && { range_start: rangeStart }),
    ...(rangeEnd !== undefined && { range_end: rangeEnd }),
    ...(exclude.length > 0 && { exclude }),
  };
}

/** Adds what is wrong with the values that no other IPAM has. */
export function checkWhereabouts(faults: Faults, props: WhereaboutsIpamProps): void {
  faults.check("ipam.configurationPath", props.configurationPath, filePath, absolute);
  const ranges = [props, ...(props.additionalRanges ?? [])];
  ranges.forEach(({ subnet, exclude = [] }, index) => {
    const whole = parseSubnet(subnet);
    const inside: Rule<string> = (value) => {
      const address = parseAddress(value.split("/")[0] ?? "");
      return whole && address && !whole.contains(address) ? insideRange(whole, `subnet ${subnet}`)(value) : undefined;
    };
    const prefix = ranges.length > 1 ? `ipam.ranges[${index}].` : "ipam.";
    exclude.forEach((each, place) => faults.check(`${prefix}exclude[${place}]`, each, cidr, inside));
  });
}

const absolute: Rule<string> = (value) =>
  value.startsWith("/")
    ? undefined
    : { must: "be an absolute path", use: 'a path like "/etc/cni/net.d/whereabouts.d/whereabouts.conf"' };
