import { Address4, Address6 } from "ip-address";

/** Version of the Internet Protocol. */
export type IpFamily = 4 | 6;

/** One IP address as a number that can be compared and counted. */
export interface IpAddress {
  readonly family: IpFamily;
  readonly value: bigint;
}

/** Addresses of one family from `first` to `last`, both included. */
export class IpRange {
  public constructor(
    public readonly family: IpFamily,
    public readonly first: bigint,
    public readonly last: bigint,
  ) {}

  public contains(address: IpAddress): boolean {
    return address.family === this.family && address.value >= this.first && address.value <= this.last;
  }

  public overlaps(other: IpRange): boolean {
    return this.family === other.family && this.first <= other.last && other.first <= this.last;
  }
}

/** A network in CIDR notation. */
export class Subnet extends IpRange {
  public constructor(
    family: IpFamily,
    first: bigint,
    last: bigint,
    /** Bits of the network part. */
    public readonly prefixLength: number,
    /** The address in front of the `/`, host bits included. */
    public readonly address: IpAddress,
  ) {
    super(family, first, last);
  }

  /** Whether the text named an address inside the network and not the network itself. */
  public get hasHostBits(): boolean {
    return this.address.value !== this.first;
  }

  /** Addresses that a host may have: for IPv4 without the network and the broadcast address, for IPv6 without the subnet-router anycast address (RFC 4291, 2.6.1). */
  public get hosts(): IpRange {
    return new IpRange(this.family, this.first + 1n, this.family === 4 ? this.last - 1n : this.last);
  }
}

/** An address without prefix length or zone; undefined for any other text. */
export function parseAddress(text: string): IpAddress | undefined {
  return /[/%]/.test(text) ? undefined : parse(text)?.address;
}

/** A network in CIDR notation, the prefix length written out; undefined for any other text. */
export function parseSubnet(text: string): Subnet | undefined {
  return /^[0-9a-fA-F.:]+\/[0-9]{1,3}$/.test(text) ? parse(text) : undefined;
}

/** An address as text in its shortest form. */
export function addressText(family: IpFamily, value: bigint): string {
  return (family === 4 ? Address4.fromBigInt(value) : Address6.fromBigInt(value)).correctForm();
}

/** A range as text, for error messages. */
export function rangeText(range: IpRange): string {
  return `${addressText(range.family, range.first)} to ${addressText(range.family, range.last)}`;
}

const parsed = new Map<string, Subnet | undefined>();

/** One text is asked for again and again: by each rule, and for each pod of a network. */
function parse(text: string): Subnet | undefined {
  if (!parsed.has(text)) parsed.set(text, parseAnew(text));
  return parsed.get(text);
}

function parseAnew(text: string): Subnet | undefined {
  const family = text.includes(":") ? 6 : 4;
  const type = family === 4 ? Address4 : Address6;
  if (!type.isValid(text)) return undefined;
  const ip = new type(text);
  const first = ip.startAddress().bigInt();
  const last = ip.endAddress().bigInt();
  return new Subnet(family, first, last, ip.subnetMask, { family, value: ip.bigInt() });
}
