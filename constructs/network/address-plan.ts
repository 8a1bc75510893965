import type { IpamRange } from "./ipam-range";
import { rangesOf } from "./ipam-rules";
import { addressText, parseAddress, parseSubnet } from "../private/ip-range";

/** Gives out the addresses of some ranges, each once, from the end: host-local's own go from the start. */
export class AddressPlan {
  private readonly taken: bigint[];

  public constructor(private readonly ranges: readonly IpamRange[]) {
    this.taken = ranges.map(() => 0n);
  }

  /** One address of each range in CIDR form; undefined when one of the ranges has none left. */
  public next(): readonly string[] | undefined {
    const addresses = this.ranges.map((range, index) => this.nextOf(range, index));
    return addresses.every((address) => address !== undefined) ? addresses : undefined;
  }

  private nextOf(range: IpamRange, index: number): string | undefined {
    const subnet = parseSubnet(range.subnet);
    const [addresses] = rangesOf([range]);
    if (!subnet || !addresses) return undefined;
    const gateway = range.gateway === undefined ? subnet.hosts.first : parseAddress(range.gateway)?.value;
    const candidate = addresses.last - (this.taken[index] ?? 0n);
    const value = candidate === gateway ? candidate - 1n : candidate;
    if (value < addresses.first) return undefined;
    this.taken[index] = addresses.last - value + 1n;
    return `${addressText(subnet.family, value)}/${subnet.prefixLength}`;
  }
}
