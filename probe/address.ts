import { BlockList, isIPv6 } from "node:net";

/** Number of an IP address family. */
export type Family = 4 | 6;

/** Family of an address, also where it is followed by a prefix length. */
export function familyOf(address: string): Family {
  return address.includes(":") ? 6 : 4;
}

/** Whether an address lies in a network in CIDR notation; not so where the families differ. */
export function contains(cidr: string, address: string): boolean {
  const [network = "", length = "0"] = cidr.split("/");
  if (familyOf(network) !== familyOf(address)) return false;
  const name = familyOf(network) === 6 ? "ipv6" : "ipv4";
  const list = new BlockList();
  list.addSubnet(network, Number(length), name);
  return list.check(address, name);
}

/** An address as RFC 5952 writes it, so that two texts of one address are equal. */
export function canonical(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** The address of a text like `10.0.0.1/24`. */
export function withoutPrefix(cidr: string): string {
  return cidr.split("/")[0] ?? cidr;
}

/** An address and a port as in a URL. */
export function socketText(address: string, port: number): string {
  return familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
