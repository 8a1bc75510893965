import type { IpamRange } from "./ipam-range";
import { rangesOf } from "./ipam-rules";
import { addressText, parseAddress, parseSubnet } from "../private/ip-range";
import type { IConstruct } from "../private/terraform";
import { Faults } from "../private/validate";

/** Gives out the addresses of some ranges, each once, from the end, where host-local comes last as long as nobody asks it for one. */
export class AddressPlan {
  private readonly taken: bigint[];

  public constructor(
    private readonly network: IConstruct,
    private readonly ranges: readonly IpamRange[],
  ) {
    this.taken = ranges.map(() => 0n);
  }

  /**
   * One address of each range in CIDR form.
   *
   * @throws ValidationError when one of the ranges has none left.
   */
  public next(): readonly string[] {
    const faults = new Faults(this.network);
    const addresses = this.ranges.flatMap((range, index) => {
      const address = this.nextOf(range, index);
      const violation = { must: "have an address for each pod of the checks", use: "a wider range" };
      if (address === undefined) faults.add("ipam", range.subnet, violation);
      return address ?? [];
    });
    faults.throwIfAny();
    return addresses;
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
