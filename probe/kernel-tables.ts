import { contains } from "./address";

/** Readers of the kernel's text tables under /proc/net, apart from the files so that they can be tested. */

/** One line of a routing table. */
export interface Route {
  readonly interface: string;
  /** In CIDR notation. */
  readonly destination: string;
  readonly gateway?: string;
  readonly metric: number;
}

/** The route that a destination takes by the main table; policy rules are not looked at. */
export function lookupRoute(routes: readonly Route[], address: string): Route | undefined {
  return routes
    .filter(({ destination }) => contains(destination, address))
    .sort((a, b) => prefixLength(b.destination) - prefixLength(a.destination) || a.metric - b.metric)[0];
}

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

/** Reads /proc/net/route: addresses are 32-bit hex numbers in the machine's byte order (net/ipv4/fib_trie.c). */
export function parseRoutes(table: string): Route[] {
  return dataRows(table).flatMap((fields) => {
    const [name, destination, gateway, flags, , , metric, mask] = fields;
    const bits = parseInt(flags ?? "0", 16);
    if (!name || !destination || !gateway || !mask || !(bits & RTF_UP) || bits & RTF_REJECT) return [];
    const length = [...parseInt(mask, 16).toString(2)].filter((bit) => bit === "1").length;
    const via = hexAddress(gateway);
    return {
      interface: name,
      destination: `${hexAddress(destination)}/${length}`,
      ...(via === "0.0.0.0" ? {} : { gateway: via }),
      metric: Number(metric),
    };
  });
}

/** Groups joined on an interface, and the IGMP version spoken there. */
export interface Memberships {
  readonly groups: readonly string[];
  /** Of IGMP: `V3`, `V2` or `V1`, as the kernel writes it. */
  readonly version?: string;
}

/** Reads /proc/net/igmp: an unindented line for each interface, then an indented one for each group. */
export function parseIgmp(table: string, interfaceName: string): Memberships {
  const groups: string[] = [];
  let version: string | undefined;
  let inside = false;
  for (const line of table.split("\n").slice(1)) {
    const fields = line.trim().split(/[\s:]+/);
    if (/^\d/.test(line)) {
      inside = fields[1] === interfaceName;
      if (inside) version = fields.find((field) => /^V[123]$/.test(field));
    } else if (inside && /^[0-9A-F]{8}$/.test(fields[0] ?? "")) {
      groups.push(hexAddress(fields[0] as string));
    }
  }
  return version === undefined ? { groups } : { groups, version };
}

/** Counters of an interface. */
export interface InterfaceCounters {
  readonly rxPackets: number;
  readonly rxDropped: number;
  readonly rxMulticast: number;
  readonly txPackets: number;
  readonly txDropped: number;
}

/** Names of all interfaces in /proc/net/dev, up or down. */
export function parseDevices(table: string): string[] {
  return table.split("\n").flatMap((line) => /^\s*([^\s|]+):/.exec(line)?.[1] ?? []);
}

/** Reads one interface's line of /proc/net/dev; nothing when it has none. */
export function parseCounters(table: string, interfaceName: string): InterfaceCounters | undefined {
  const line = table.split("\n").find((text) => text.trim().startsWith(`${interfaceName}:`));
  const numbers = line
    ?.slice(line.indexOf(":") + 1)
    .trim()
    .split(/\s+/)
    .map(Number);
  if (!numbers) return undefined;
  const at = (index: number): number => numbers[index] ?? 0;
  return { rxPackets: at(1), rxDropped: at(3), rxMulticast: at(7), txPackets: at(9), txDropped: at(11) };
}

/** A socket of the network namespace. */
export interface SocketRow {
  /** Local port. */
  readonly port: number;
  /** Whether it belongs to one peer alone; a listening one does not. */
  readonly connected: boolean;
  /** User ID of its owner. */
  readonly uid: number;
  /** Of the socket, as the links under /proc/PID/fd show it. */
  readonly inode: number;
}

/** Reads /proc/net/udp, tcp, udp6 or tcp6: addresses and ports are hex numbers (Documentation/networking/proc_net_tcp.rst). */
export function parseSockets(table: string): SocketRow[] {
  return dataRows(table).flatMap(([, local, remote, , , , , uid, , inode]) => {
    const port = parseInt(local?.split(":")[1] ?? "", 16);
    if (Number.isNaN(port) || inode === undefined) return [];
    return [{ port, connected: !(remote ?? "").endsWith(":0000"), uid: Number(uid), inode: Number(inode) }];
  });
}

function prefixLength(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

/** The tables print the address as the machine holds it in memory; every platform we run on is little-endian. */
function hexAddress(hex: string): string {
  return [6, 4, 2, 0].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(".");
}

function dataRows(table: string): string[][] {
  return table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
}
