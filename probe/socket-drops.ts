import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Family } from "./address";

/**
 * Datagrams that the kernel dropped since this process opened its UDP sockets, since their receive buffers were full: the
 * last column of /proc/net/udp (net/ipv4/udp.c, udp4_format_sock). Nothing where /proc does not tell.
 */
export function socketDrops(family: Family): number | undefined {
  try {
    const table = readFileSync(family === 4 ? "/proc/net/udp" : "/proc/net/udp6", "utf8");
    return parseDrops(table, ownSockets());
  } catch {
    return undefined;
  }
}

/** Sum of the column `drops` over the sockets of these inodes. */
export function parseDrops(table: string, inodes: ReadonlySet<string>): number {
  const rows = table
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.trim().split(/\s+/));
  return rows.filter((row) => inodes.has(row[9] ?? "")).reduce((sum, row) => sum + Number(row.at(-1)), 0);
}

function ownSockets(): Set<string> {
  const links = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
