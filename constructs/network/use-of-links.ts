import type { Ipam } from "./ipam";
import type { ICluster } from "../cluster/cluster";
import { rangeText, type IpRange } from "../private/ip-range";
import { TerraformStack, type IConstruct } from "../private/terraform";
import type { Faults } from "../private/validate";

interface UsedRange {
  readonly path: string;
  readonly range: IpRange;
}

/** What the networks of a stack use on one interface of the nodes. */
interface Use {
  readonly ranges: UsedRange[];
  /** The kernel's driver that has taken the interface, where one has. */
  driver?: { readonly path: string; readonly name: string };
}

const usesByStack = new WeakMap<TerraformStack, Map<ICluster, Map<string, Use>>>();

/** Adds each range that another network of the stack uses on one of the same interfaces, and remembers the others. */
export function checkRangesOnLinks(
  faults: Faults,
  network: IConstruct,
  cluster: ICluster,
  links: readonly string[],
  ipam: Ipam,
): void {
  const uses = links.map((link) => useOf(network, cluster, link).ranges);
  for (const range of ipam.addressRanges()) {
    const other = uses.flat().find((each) => each.range.overlaps(range));
    if (other) {
      const must = `not overlap ${rangeText(other.range)} of ${other.path} on the same master`;
      faults.add("ipam", rangeText(range), { must, use: "another part of the subnet" });
    } else uses.forEach((ranges) => ranges.push({ path: network.node.path, range }));
  }
}

/**
 * Adds each interface that another driver has taken in this stack: the kernel gives an interface's frames to one of
 * macvlan and ipvlan alone (`netdev_rx_handler_register`; https://www.cni.dev/plugins/current/main/ipvlan/#notes).
 */
export function checkDriverOnLinks(
  faults: Faults,
  network: IConstruct,
  cluster: ICluster,
  links: readonly string[],
  driver: string,
): void {
  for (const link of links) {
    const use = useOf(network, cluster, link);
    use.driver ??= { path: network.node.path, name: driver };
    if (use.driver.name === driver) continue;
    const must = `not be the master of ${use.driver.name} too, as it is for ${use.driver.path}`;
    faults.add("master", link, { must, use: `another interface, or ${use.driver.name} here as well` });
  }
}

function useOf(scope: IConstruct, cluster: ICluster, link: string): Use {
  const stack = TerraformStack.of(scope);
  const clusters = usesByStack.get(stack) ?? new Map<ICluster, Map<string, Use>>();
  usesByStack.set(stack, clusters);
  const links = clusters.get(cluster) ?? new Map<string, Use>();
  clusters.set(cluster, links);
  const use = links.get(link) ?? { ranges: [] };
  links.set(link, use);
  return use;
}
