import { canonical } from "./address";
import type { Memberships, Route } from "./kernel-tables";

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

/** Reads /proc/net/ipv6_route (net/ipv6/route.c `rt6_info_route`): all tables, numbers in hex. */
export function parseIpv6Routes(table: string): Route[] {
  return rows(table).flatMap(([destination, length, , , gateway, metric, , , flags, name]) => {
    const bits = parseInt(flags ?? "0", 16);
    if (!destination || !length || !gateway || !name || !(bits & RTF_UP) || bits & RTF_REJECT) return [];
    const via = ipv6Text(gateway);
    return {
      interface: name,
      destination: `${ipv6Text(destination)}/${parseInt(length, 16)}`,
      ...(via === "::" ? {} : { gateway: via }),
      metric: parseInt(metric ?? "0", 16),
    };
  });
}

/** Reads /proc/net/igmp6 (net/ipv6/mcast.c): one line for each interface and group; it does not tell the version of MLD. */
export function parseMld(table: string, interfaceName: string): Memberships {
  const own = rows(table).filter(([, name]) => name === interfaceName);
  return { groups: own.flatMap(([, , group]) => (group === undefined ? [] : ipv6Text(group))) };
}

const IFA_F_DADFAILED = 0x08;

/** Reads /proc/net/if_inet6 (net/ipv6/addrconf.c, `if6_seq_show`): address, index, prefix length, scope, flags, name. */
export function parseDuplicates(table: string, interfaceName: string): string[] {
  const own = rows(table).filter(([, , , , , name]) => name === interfaceName);
  return own.flatMap(([hex = "", , , , flags = "0"]) => (parseInt(flags, 16) & IFA_F_DADFAILED ? [ipv6Text(hex)] : []));
}

function ipv6Text(hex: string): string {
  return canonical((hex.match(/.{4}/g) ?? []).join(":"));
}

function rows(table: string): string[][] {
  return table
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.trim().split(/\s+/));
}
