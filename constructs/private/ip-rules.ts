import { addressText, parseAddress, parseSubnet, rangeText, type IpRange, type Subnet } from "./ip-range";
import type { Rule } from "./validate";

/** One IPv4 or IPv6 address, without prefix length or zone. */
export const ipAddress: Rule<string> = (value) =>
  parseAddress(value)
    ? undefined
    : {
        must: "be an IPv4 or IPv6 address without prefix length",
        use: 'an address like "10.20.0.50" or "fd00:20::50"',
      };

/** A network: no bit set behind the prefix. */
export const cidr: Rule<string> = (value) => {
  const subnet = parseSubnet(value);
  const must = "be a network in CIDR notation";
  if (!subnet) return { must, use: 'a network like "10.20.0.0/24" or "fd00:20::/64"' };
  if (!subnet.hasHostBits) return undefined;
  return { must: `${must}, without host bits`, use: `"${subnetText(subnet)}"` };
};

/** An interface address: a host's address with the prefix length of its network. */
export const interfaceAddress: Rule<string> = (value) => {
  const subnet = parseSubnet(value);
  const must = "be an interface address in CIDR notation";
  const use = 'an address like "10.20.0.50/24" or "fd00:20::50/64"';
  if (!subnet) return { must, use };
  const bits = subnet.family === 4 ? 32 : 128;
  if (subnet.prefixLength >= bits - 1 || subnet.hosts.contains(subnet.address)) return undefined;
  return {
    must: `${must} and not the network or broadcast address`,
    use: `an address from ${rangeText(subnet.hosts)}`,
  };
};

/** An address of a range, `name` being what the error calls the range. */
export function insideRange(range: IpRange, name: string): Rule<string> {
  return (value) => {
    const address = parseAddress(value);
    return address && range.contains(address)
      ? undefined
      : { must: `lie inside ${name}`, use: `an address from ${rangeText(range)}` };
  };
}

/** Ethernet address of one station: the lowest bit of the first octet marks groups (IEEE 802), and 0 is nobody. */
export const unicastMac: Rule<string> = (value) =>
  /^[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}$/.test(value) && !/^[0:]+$/.test(value)
    ? undefined
    : {
        must: "be a unicast MAC address of six hex octets joined by colons",
        use: 'a locally administered address like "02:00:00:00:00:01"',
      };

function subnetText(subnet: Subnet): string {
  return `${addressText(subnet.family, subnet.first)}/${subnet.prefixLength}`;
}
