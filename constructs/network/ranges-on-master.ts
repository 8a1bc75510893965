import type { Ipam } from "./ipam";
import type { ICluster } from "../cluster/cluster";
import { rangeText, type IpRange } from "../private/ip-range";
import { TerraformStack, type Construct } from "../private/terraform";
import type { Faults } from "../private/validate";

interface UsedRange {
  readonly path: string;
  readonly range: IpRange;
}

const usedByStack = new WeakMap<TerraformStack, Map<ICluster, Map<string, UsedRange[]>>>();

/** Adds each range that another network of the stack uses on the same master, and remembers the others. */
export function checkRangesOnMaster(
  faults: Faults,
  network: Construct & { readonly master: string },
  cluster: ICluster,
  ipam: Ipam,
): void {
  const used = usedOn(TerraformStack.of(network), cluster, network.master);
  for (const range of ipam.addressRanges()) {
    const other = used.find((each) => each.range.overlaps(range));
    if (other) {
      const must = `not overlap ${rangeText(other.range)} of ${other.path} on the same master`;
      faults.add("ipam", rangeText(range), { must, use: "another part of the subnet" });
    } else used.push({ path: network.node.path, range });
  }
}

function usedOn(stack: TerraformStack, cluster: ICluster, master: string): UsedRange[] {
  const clusters = usedByStack.get(stack) ?? new Map<ICluster, Map<string, UsedRange[]>>();
  usedByStack.set(stack, clusters);
  const masters = clusters.get(cluster) ?? new Map<string, UsedRange[]>();
  clusters.set(cluster, masters);
  const used = masters.get(master) ?? [];
  masters.set(master, used);
  return used;
}
