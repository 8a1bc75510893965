import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { familyOf, type Family } from "./address";
import {
  lookupRoute,
  parseCounters,
  parseDevices,
  parseIgmp,
  parseRoutes,
  type InterfaceCounters,
  type Memberships,
  type Route,
} from "./kernel-tables";
import { parseDuplicates, parseIpv6Routes, parseMld } from "./kernel-tables-ipv6";

/** What the kernel says of the attached interface and of the way to the group; enough to name most causes of silence. */
export interface Evidence {
  readonly interface: string;
  readonly present: boolean;
  /** `up`, `down`, `lowerlayerdown`, `unknown` (Documentation/networking/operstates.rst); nothing where /sys shows another network's interfaces. */
  readonly operstate?: string;
  readonly carrier?: boolean;
  readonly mtu?: number;
  readonly mac?: string;
  /** What the kernel calls its kind, such as `macvlan`, `ipvlan`; nothing where it does not say. */
  readonly linkType?: string;
  /** Which network namespace of which running kernel this is; two ends with the same are on one machine's network. */
  readonly networkNamespace?: string;
  /** In CIDR notation; empty while the interface is down. */
  readonly addresses: readonly string[];
  /** Addresses of IPv6 that another machine on the link has as well, so that the kernel does not use them. */
  readonly duplicates?: readonly string[];
  readonly memberships: Memberships;
  readonly counters?: InterfaceCounters;
  readonly reversePathFilter: { readonly all?: number; readonly interface?: number };
  readonly routes: readonly Route[];
  /** Route that the test group takes; nothing where the sender chooses the interface itself. */
  readonly groupRoute?: Route;
}

/** Takes the evidence now, of the group's address family; `bound` says that the routing table is not asked. */
export function takeEvidence(interfaceName: string, group: string, bound = false): Evidence {
  const devices = read("/proc/net/dev") ?? "";
  const told = sysfsShows(parseDevices(devices));
  const link = (file: string): string | undefined =>
    told ? read(`/sys/class/net/${interfaceName}/${file}`) : undefined;
  const family = familyOf(group);
  const routes = routesOf(family);
  const mtu = link("mtu");
  const carrier = link("carrier");
  return {
    interface: interfaceName,
    present: parseDevices(devices).includes(interfaceName),
    operstate: link("operstate"),
    carrier: carrier === undefined ? undefined : carrier === "1",
    mtu: mtu === undefined ? undefined : Number(mtu),
    mac: link("address"),
    linkType: /^DEVTYPE=(.+)$/m.exec(link("uevent") ?? "")?.[1],
    networkNamespace: networkNamespace(),
    addresses: addressesOf(interfaceName, family),
    duplicates: family === 6 ? parseDuplicates(read("/proc/net/if_inet6") ?? "", interfaceName) : undefined,
    memberships: membershipsOf(interfaceName, family),
    counters: parseCounters(devices, interfaceName),
    reversePathFilter:
      family === 4 ? { all: reversePathFilter("all"), interface: reversePathFilter(interfaceName) } : {},
    routes,
    groupRoute: bound ? undefined : lookupRoute(routes, group),
  };
}

function networkNamespace(): string | undefined {
  const kernel = read("/proc/sys/kernel/random/boot_id");
  try {
    const own = readlinkSync("/proc/self/ns/net");
    return kernel === undefined ? undefined : `${kernel} ${own}`;
  } catch {
    return undefined;
  }
}

/**
 * Whether /sys is of this process's network: /proc always is, but /sys shows the network of who mounted it, which in a machine that
 * is a container itself may be another (https://man7.org/linux/man-pages/man7/network_namespaces.7.html).
 */
function sysfsShows(devices: readonly string[]): boolean {
  const shown = list("/sys/class/net").filter((name) => name !== "bonding_masters");
  return shown.length === devices.length && shown.every((name) => devices.includes(name));
}

/** The interface's addresses of a family in CIDR notation, those of the link alone last. Node.js shows interfaces that are up only. */
export function addressesOf(interfaceName: string, wanted: Family): string[] {
  const all = (networkInterfaces()[interfaceName] ?? []).flatMap(({ family, cidr }) =>
    family === `IPv${wanted}` && cidr ? [cidr] : [],
  );
  const ofLink = (cidr: string): boolean => cidr.startsWith("fe80:");
  return [...all.filter((cidr) => !ofLink(cidr)), ...all.filter(ofLink)];
}

function routesOf(family: Family): Route[] {
  return family === 4
    ? parseRoutes(read("/proc/net/route") ?? "")
    : parseIpv6Routes(read("/proc/net/ipv6_route") ?? "");
}

function membershipsOf(interfaceName: string, family: Family): Memberships {
  return family === 4
    ? parseIgmp(read("/proc/net/igmp") ?? "", interfaceName)
    : parseMld(read("/proc/net/igmp6") ?? "", interfaceName);
}

function reversePathFilter(name: string): number | undefined {
  const value = read(`/proc/sys/net/ipv4/conf/${name}/rp_filter`);
  return value === undefined ? undefined : Number(value);
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** A file of /proc or /sys, or nothing: `carrier` cannot be read while the interface is administratively down. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
