import type { IpamRange, IpamRoute } from "./ipam-range";
import { IpRange, parseAddress, parseSubnet, type Subnet } from "../private/ip-range";
import { cidr, insideRange, ipAddress } from "../private/ip-rules";
import { wholeNumber } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** The host-local plugin refuses a subnet without at least two host addresses (its `Range.Canonicalize`). */
const roomForHosts: Rule<string> = (value) => {
  const subnet = parseSubnet(value);
  const longest = subnet?.family === 6 ? 126 : 30;
  return subnet && subnet.prefixLength > longest
    ? { must: `have a prefix length of ${longest} at most`, use: "a subnet with room for pods" }
    : undefined;
};

/** Adds what is wrong with one range; `prefix` stands in front of its field names. */
export function checkRange(faults: Faults, prefix: string, range: IpamRange): void {
  faults.check(`${prefix}subnet`, range.subnet, cidr, roomForHosts);
  const subnet = parseSubnet(range.subnet);
  const inside = subnet ? [insideRange(subnet.hosts, `the hosts of subnet ${range.subnet}`)] : [];
  faults
    .check(`${prefix}rangeStart`, range.rangeStart, ipAddress, ...inside)
    .check(`${prefix}rangeEnd`, range.rangeEnd, ipAddress, ...inside, notBefore(range.rangeStart))
    .check(`${prefix}gateway`, range.gateway, ipAddress, ...inside);
}

function notBefore(rangeStart: string | undefined): Rule<string> {
  return (value) => {
    const [start, end] = [rangeStart, value].map((text) => (text === undefined ? undefined : parseAddress(text)));
    return start && end && start.value > end.value
      ? { must: `not lie before rangeStart ${rangeStart}`, use: `a last address from ${rangeStart} on` }
      : undefined;
  };
}

/** Adds what is wrong with the routes. */
export function checkRoutes(faults: Faults, routes: readonly IpamRoute[]): void {
  routes.forEach(({ dst, gw, table, priority }, index) => {
    faults.check(`ipam.routes[${index}].dst`, dst, cidr);
    const family = parseSubnet(dst)?.family;
    faults.check(`ipam.routes[${index}].gw`, gw, ipAddress, family ? sameFamily(family) : () => undefined);
    faults.check(`ipam.routes[${index}].table`, table, wholeNumber(1, 4294967295));
    faults.check(`ipam.routes[${index}].priority`, priority, wholeNumber(0, 4294967295));
  });
}

function sameFamily(family: 4 | 6): Rule<string> {
  return (value) =>
    parseAddress(value)?.family === family
      ? undefined
      : { must: `be an IPv${family} address like its dst`, use: "a next hop of the same address family" };
}

/** The addresses of each valid range, gateways included. */
export function rangesOf(ranges: readonly IpamRange[]): IpRange[] {
  return ranges.flatMap((range) => {
    const subnet = parseSubnet(range.subnet);
    return subnet ? [rangeOf(subnet, range)] : [];
  });
}

function rangeOf({ family, hosts }: Subnet, { rangeStart, rangeEnd }: IpamRange): IpRange {
  const [start, end] = [rangeStart, rangeEnd].map((text) => (text === undefined ? undefined : parseAddress(text)));
  return new IpRange(family, start?.value ?? hosts.first, end?.value ?? hosts.last);
}
