import { addressText, parseAddress } from "../private/ip-range";
import { port, ttl } from "../private/rules";
import type { Faults, Rule } from "../private/validate";
import { addShapeFaults, shapeFaults, type ShapeFault } from "../private/shape";

/** Options of {@link MulticastGroup}. */
export interface MulticastGroupProps {
  /** UDP port, from 1 to 65535. */
  readonly port: number;
  /**
   * How many routers a datagram may pass, plus one; from 1 to 255.
   *
   * @default 1, the kernel's own default: the datagram stays on its link
   */
  readonly ttl?: number;
}

const FIRST_IPV4 = 0xe0000000n;
const LAST_IPV4 = 0xefffffffn;
const LOCAL_CONTROL_PREFIX = 0xe00000n;

/**
 * 224.0.0.0/24 is left out: it is never forwarded, and switches flood it whatever was joined
 * (https://www.rfc-editor.org/rfc/rfc4541#section-2.1.2), so it proves nothing.
 */
const groupAddress: Rule<string> = (value) => {
  const address = parseAddress(value);
  const use = 'a group of the administratively scoped block, like "239.1.1.1" or "ff15::1:1"';
  const isGroup =
    address?.family === 4
      ? address.value >= FIRST_IPV4 && address.value <= LAST_IPV4
      : address !== undefined && address.value >> 120n === 0xffn;
  if (!address || !isGroup) return { must: "be a multicast group of 224.0.0.0/4 or ff00::/8", use };
  return address.family === 4 && address.value >> 8n === LOCAL_CONTROL_PREFIX
    ? { must: "not lie in 224.0.0.0/24, which is flooded without any join", use }
    : undefined;
};

/** What a control group differs by, the first that will do. */
const CONTROL_BITS = [0x8000n, 0x4000n];

/** Bits of an address that make its Ethernet address: 23 with IPv4 (RFC 1112, 6.4), 32 with IPv6 (RFC 2464, 7). */
const ETHERNET_BITS = { 4: 0x7fffffn, 6: 0xffffffffn } as const;

/** What switches flood whatever was joined: 224.0.0.0/24, and all nodes with IPv6 (RFC 4541, 2.1.2 and 3); by their Ethernet bits. */
function isFloodedOnEthernet(family: 4 | 6, value: bigint): boolean {
  const bits = value & ETHERNET_BITS[family];
  return family === 4 ? bits >> 8n === 0n : bits === 1n;
}

/** A multicast group and the UDP port that is used on it. */
export class MulticastGroup {
  /** The group `address`, IPv4 (224.0.0.0/4 without 224.0.0.0/24) or IPv6 (ff00::/8). It is checked by the construct that takes it. */
  public static of(address: string, props: MulticastGroupProps): MulticastGroup {
    const faults = [
      ...shapeFaults("MulticastGroup.of(address)", address, "address"),
      ...shapeFaults("MulticastGroupProps", props),
    ];
    if (faults.length > 0) return new MulticastGroup("0.0.0.0", 1, 1, faults);
    return new MulticastGroup(address, props.port, props.ttl ?? 1);
  }

  private constructor(
    /** Address of the group. */
    public readonly address: string,
    /** UDP port. */
    public readonly port: number,
    /** TTL, or hop limit, of datagrams to it. */
    public readonly ttl: number,
    private readonly faults: readonly ShapeFault[] = [],
  ) {}

  /** Whether the group is one of IPv4. */
  public get isIpv4(): boolean {
    return parseAddress(this.address)?.family === 4;
  }

  /**
   * Adds what is wrong with it to the faults of the construct that uses it as `field`.
   *
   * @internal
   */
  public validate(faults: Faults, field: string): void {
    if (this.faults.length > 0) return addShapeFaults(faults, field, this.faults);
    faults
      .check(`${field}.address`, this.address, groupAddress)
      .check(`${field}.port`, this.port, port)
      .check(`${field}.ttl`, this.ttl, ttl);
  }

  /**
   * Whether its Ethernet address is one that switches flood: 32 groups share each with IPv4, so 239.0.0.5 and 239.128.0.5 have that of
   * 224.0.0.5. The network then keeps it from no host, and only the hosts' kernels tell those that joined from the others.
   *
   * @internal
   */
  public get isFlooded(): boolean {
    const address = parseAddress(this.address);
    return address !== undefined && isFloodedOnEthernet(address.family, address.value);
  }

  /** The group after this one: another address, also on Ethernet, with the same port and TTL. */
  public neighbour(): MulticastGroup {
    return this.changed((value) => ((value & 0xffn) === 0xffn ? value - 1n : value + 1n));
  }

  /**
   * A group of the same scope and block (https://www.rfc-editor.org/rfc/rfc2365) that nobody is likely to use, with the same port and
   * TTL: its third octet, or last 16 bits with IPv6, differ by one high bit. Its Ethernet address is neither this group's nor one that
   * switches flood.
   */
  public control(): MulticastGroup {
    const candidates = CONTROL_BITS.map((bits) => this.changed((value) => value ^ bits));
    return candidates.find((group) => groupAddress(group.address) === undefined && !group.isFlooded) ?? this;
  }

  private changed(change: (value: bigint) => bigint): MulticastGroup {
    const address = parseAddress(this.address);
    if (!address) return this;
    return new MulticastGroup(addressText(address.family, change(address.value)), this.port, this.ttl);
  }
}
