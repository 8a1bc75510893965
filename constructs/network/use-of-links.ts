import type { ICluster } from "../cluster/cluster";
import { rangeText, type IpFamily, type IpRange } from "../private/ip-range";
import type { Faults } from "../private/validate";

interface UsedRange {
  readonly path: string;
  readonly range: IpRange;
}

/** Ranges in ascending order, none of which overlaps another: each network is held against all others of its cluster. */
class UsedRanges {
  private readonly byFamily: Readonly<Record<IpFamily, UsedRange[]>> = { 4: [], 6: [] };

  /** The range that overlaps; nothing where none does. */
  public overlapping(range: IpRange): UsedRange | undefined {
    const before = this.byFamily[range.family][this.countUpTo(range.family, range.last) - 1];
    return before?.range.overlaps(range) ? before : undefined;
  }

  /** Adds a range that overlaps none. */
  public add(used: UsedRange): void {
    const { family, first } = used.range;
    this.byFamily[family].splice(this.countUpTo(family, first), 0, used);
  }

  /** How many ranges begin at an address or before it. */
  private countUpTo(family: IpFamily, address: bigint): number {
    const ranges = this.byFamily[family];
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const isUpTo = (ranges[middle]?.range.first ?? address) <= address;
      [low, high] = isUpTo ? [middle + 1, high] : [low, middle];
    }
    return low;
  }
}

/** What the networks of a cluster use on one interface of the nodes. */
interface Use {
  readonly ranges: UsedRanges;
  /** The kernel's driver that has taken the interface, where one has. */
  driver?: { readonly path: string; readonly name: string };
}

const usesByCluster = new WeakMap<ICluster, Map<string, Use>>();

/** Adds each range that another network of the cluster uses on one of the same interfaces, and remembers the others. */
export function checkRangesOnLinks(
  faults: Faults,
  cluster: ICluster,
  links: readonly string[],
  ranges: readonly IpRange[],
  field = "ipam",
): void {
  const { path } = faults.scope.node;
  const uses = links.map((link) => useOf(cluster, link).ranges);
  for (const range of ranges) {
    const overlapping = uses.flatMap((used) => used.overlapping(range) ?? []);
    const other = overlapping.find((each) => !path.startsWith(`${each.path}/`));
    if (other) {
      const must = `not overlap ${rangeText(other.range)} of ${other.path} on the same master`;
      faults.add(field, rangeText(range), { must, use: "another part of the subnet" });
      // A network and its own definitions use the same ranges.
    } else if (overlapping.length === 0) uses.forEach((used) => used.add({ path, range }));
  }
}

/**
 * Adds each interface that another driver has taken: the kernel gives an interface's frames to one of
 * macvlan and ipvlan alone (`netdev_rx_handler_register`; https://www.cni.dev/plugins/current/main/ipvlan/#notes).
 */
export function checkDriverOnLinks(faults: Faults, cluster: ICluster, links: readonly string[], driver: string): void {
  for (const link of links) {
    const use = useOf(cluster, link);
    use.driver ??= { path: faults.scope.node.path, name: driver };
    if (use.driver.name === driver) continue;
    const must = `not be the master of ${use.driver.name} too, as it is for ${use.driver.path}`;
    faults.add("master", link, { must, use: `another interface, or ${use.driver.name} here as well` });
  }
}

function useOf(cluster: ICluster, link: string): Use {
  const links = usesByCluster.get(cluster) ?? new Map<string, Use>();
  usesByCluster.set(cluster, links);
  const use = links.get(link) ?? { ranges: new UsedRanges() };
  links.set(link, use);
  return use;
}
