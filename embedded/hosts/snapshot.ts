import { run } from "../system/commands";
import { machineMountPoints } from "./mounts";

/** What can be seen of a machine from outside, one line per thing. */
export type Snapshot = readonly string[];

/** Takes links, namespaces, mounts, routes, rules, packet filter and listening sockets. */
export async function takeSnapshot(): Promise<Snapshot> {
  const parts = await Promise.all([links(), namespaces(), mounts(), routes(), rules(), packetFilter(), sockets()]);
  return parts.flat().sort();
}

/** What came and what went between two snapshots; a line that is there twice counts twice. */
export function compareSnapshots(before: Snapshot, after: Snapshot): { added: string[]; removed: string[] } {
  return { added: without(after, before), removed: without(before, after) };
}

function without(lines: Snapshot, others: Snapshot): string[] {
  const counts = new Map<string, number>();
  others.forEach((line) => counts.set(line, (counts.get(line) ?? 0) + 1));
  return lines.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}

async function links(): Promise<string[]> {
  const { stdout } = await run("ip", ["-json", "link", "show"]);
  return (JSON.parse(stdout) as { ifname: string }[]).map(({ ifname }) => `link ${ifname}`);
}

async function namespaces(): Promise<string[]> {
  // A line reads "NAME" or "NAME (id: 3)".
  return linesOf((await run("ip", ["netns", "list"])).stdout).map((line) => `netns ${line.split(" ")[0]}`);
}

async function mounts(): Promise<string[]> {
  // iproute2 mounts /run/netns over itself with the first namespace, for good. The entries in it are in `namespaces`.
  const points = (await machineMountPoints()).filter((point) => !/^(\/var)?\/run\/netns(\/|$)/.test(point));
  return points.map((point) => `mount ${point}`);
}

async function routes(): Promise<string[]> {
  const families = await Promise.all(
    ["-4", "-6"].map(async (family) => (await run("ip", [family, "route", "show", "table", "all"])).stdout),
  );
  return families.flatMap(linesOf).map((line) => `route ${line.replace(/ expires \S+/, "")}`);
}

async function rules(): Promise<string[]> {
  const families = await Promise.all(["-4", "-6"].map(async (family) => (await run("ip", [family, "rule"])).stdout));
  return families.flatMap(linesOf).map((line) => `rule ${line}`);
}

/** Each line with its table before it, so that it can be told whose it is. */
async function packetFilter(): Promise<string[]> {
  let table = "";
  // --stateless: counters and timeouts run on by themselves.
  return linesOf((await run("nft", ["--stateless", "list", "ruleset"])).stdout).flatMap((line) => {
    table = line.startsWith("table ") ? line.replace(" {", "") : table;
    return line === "}" ? [] : [line.startsWith("table ") ? `nft ${table}` : `nft ${table}: ${line}`];
  });
}

async function sockets(): Promise<string[]> {
  const { stdout } = await run("ss", ["--no-header", "--listening", "--tcp", "--udp", "--numeric", "--processes"]);
  return linesOf(stdout).map((line) => {
    const [protocol, , , , local] = line.split(/\s+/);
    return `socket ${protocol} ${local} ${/\(\("([^"]*)"/.exec(line)?.[1] ?? ""}`.trim();
  });
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
