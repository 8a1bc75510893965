import type { Socket } from "node:dgram";
import { readFileSync } from "node:fs";
import { canonical, familyOf, withoutPrefix } from "./address";
import { addressesOf } from "./evidence";

/** No datagram can come from it: the kernel drops what claims to (net/ipv4/route.c, ip_mc_validate_source). */
const NO_SOURCE = "255.255.255.255";

/** How many sockets of this network have joined a group, by interface; those that only keep it out are not counted. */
export function membersOf(group: string): Map<string, number> {
  if (familyOf(group) === 6) return parseMembers6(read("/proc/net/igmp6"), group);
  return parseMembers(read("/proc/net/igmp"), read("/proc/net/mcfilter"), group);
}

/** Reads /proc/net/igmp and /proc/net/mcfilter (net/ipv4/igmp.c). */
export function parseMembers(igmp: string, filters: string, group: string): Map<string, number> {
  const hex = group
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join("");
  // The first table prints the address as it lies in memory, the other as it is written.
  const stored = (hex.match(/../g) ?? []).reverse().join("").toUpperCase();
  const members = new Map<string, number>();
  let name = "";
  for (const line of igmp.split("\n").slice(1)) {
    const fields = line.trim().split(/[\s:]+/);
    if (/^\d/.test(line)) name = fields[1] ?? "";
    else if (fields[0] === stored) members.set(name, Number(fields[1]));
  }
  for (const line of filters.split("\n").slice(1)) {
    const [, device = "", address, source, including] = line.trim().split(/\s+/);
    if (address === `0x${hex}` && source === "0xffffffff")
      members.set(device, (members.get(device) ?? 0) - Number(including));
  }
  return members;
}

/** Reads /proc/net/igmp6 (net/ipv6/mcast.c). */
export function parseMembers6(table: string, group: string): Map<string, number> {
  const members = new Map<string, number>();
  for (const line of table.split("\n")) {
    const [, name = "", hex = "", users] = line.trim().split(/\s+/);
    if (hex.length === 32 && canonical((hex.match(/.{4}/g) ?? []).join(":")) === canonical(group))
      members.set(name, Number(users));
  }
  return members;
}

/**
 * Keeps a socket from counting what comes in by other interfaces than its own. A Linux socket hears a group on every interface
 * on which any program has joined it (`IP_MULTICAST_ALL`, https://man7.org/linux/man-pages/man7/ip.7.html), and Node.js cannot
 * switch that off. But where it has joined a group itself from one source alone, it hears nobody else there. Such a
 * membership is made only where another program has joined already, so it changes nothing on the network, and ends with that.
 * IPv6 has no such filter by interface (net/ipv6/mcast.c, inet6_mc_check).
 */
export class OtherMemberships {
  private readonly kept = new Map<string, string>();
  /** Kept out since the last look: what came before may still wait in the socket's buffer. */
  private readonly fresh = new Set<string>();

  public constructor(
    private readonly own: string,
    private readonly socketOf: (group: string) => Socket | undefined,
  ) {}

  /** Interfaces by which datagrams of a group may have been counted since the last look that say nothing of this receiver. */
  public look(group: string, isJoined: boolean): string[] {
    const members = membersOf(group);
    const here = isJoined || (members.get(this.own) ?? 0) <= 0 ? [] : [this.own];
    const others = [...members].filter(([name, count]) => name !== this.own && count > 0).map(([name]) => name);
    this.forgetBut(group, others);
    return [...here, ...others.filter((name) => this.mayHaveCome(group, name))];
  }

  private mayHaveCome(group: string, name: string): boolean {
    const key = `${group} ${name}`;
    if (this.kept.has(key)) return this.fresh.delete(key);
    const address = addressesOf(name, familyOf(group))[0];
    if (address === undefined || familyOf(group) === 6) return true;
    const link = withoutPrefix(address);
    const before = membersOf(group).get(name);
    try {
      this.socketOf(group)?.addSourceSpecificMembership(NO_SOURCE, group, link);
    } catch {
      return true;
    }
    // Two interfaces may have one address, and the kernel takes the first.
    if (membersOf(group).get(name) === before) {
      this.kept.set(key, link);
      this.fresh.add(key);
    } else this.leave(group, link);
    return true;
  }

  private forgetBut(group: string, names: readonly string[]): void {
    for (const [key, link] of this.kept) {
      const [of, name = ""] = key.split(" ");
      if (of !== group || names.includes(name)) continue;
      this.kept.delete(key);
      this.leave(group, link);
    }
  }

  private leave(group: string, link: string): void {
    try {
      this.socketOf(group)?.dropSourceSpecificMembership(NO_SOURCE, group, link);
    } catch {
      // The interface is gone, and its memberships with it.
    }
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
