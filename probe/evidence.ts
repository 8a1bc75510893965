import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import {
  lookupRoute,
  parseCounters,
  parseIgmp,
  parseRoutes,
  type InterfaceCounters,
  type Memberships,
  type Route,
} from "./kernel-tables";

/** What the kernel says of the attached interface and of the way to the group; enough to name most causes of silence. */
export interface Evidence {
  readonly interface: string;
  readonly present: boolean;
  /** `up`, `down`, `lowerlayerdown`, `unknown` (Documentation/networking/operstates.rst). */
  readonly operstate?: string;
  readonly carrier?: boolean;
  readonly mtu?: number;
  readonly mac?: string;
  /** In CIDR notation; empty while the interface is down. */
  readonly addresses: readonly string[];
  readonly memberships: Memberships;
  readonly counters?: InterfaceCounters;
  readonly reversePathFilter: { readonly all?: number; readonly interface?: number };
  readonly routes: readonly Route[];
  /** Route that the test group takes. */
  readonly groupRoute?: Route;
}

/** Takes the evidence now. */
export function takeEvidence(interfaceName: string, group: string): Evidence {
  const link = (file: string): string | undefined => read(`/sys/class/net/${interfaceName}/${file}`);
  const routes = parseRoutes(read("/proc/net/route") ?? "");
  const mtu = link("mtu");
  const carrier = link("carrier");
  return {
    interface: interfaceName,
    present: mtu !== undefined,
    operstate: link("operstate"),
    carrier: carrier === undefined ? undefined : carrier === "1",
    mtu: mtu === undefined ? undefined : Number(mtu),
    mac: link("address"),
    addresses: addressesOf(interfaceName),
    memberships: parseIgmp(read("/proc/net/igmp") ?? "", interfaceName),
    counters: parseCounters(read("/proc/net/dev") ?? "", interfaceName),
    reversePathFilter: { all: reversePathFilter("all"), interface: reversePathFilter(interfaceName) },
    routes,
    groupRoute: lookupRoute(routes, group),
  };
}

/** The interface's IPv4 addresses in CIDR notation. Node.js shows interfaces that are up only. */
export function addressesOf(interfaceName: string): string[] {
  return (networkInterfaces()[interfaceName] ?? []).flatMap(({ family, cidr }) =>
    family === "IPv4" && cidr ? [cidr] : [],
  );
}

function reversePathFilter(name: string): number | undefined {
  const value = read(`/proc/sys/net/ipv4/conf/${name}/rp_filter`);
  return value === undefined ? undefined : Number(value);
}

/** A file of /proc or /sys, or nothing: `carrier` cannot be read while the interface is administratively down. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
