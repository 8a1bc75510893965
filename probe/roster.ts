import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { contains, familyOf } from "./address";
import type { SendConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { bindUdp } from "./port-in-use";

/** So long after a verdict last asked for them, receivers are sent nothing more. */
const FORGET_MS = 5000;
/** Verdicts whose last count is kept: so many may judge in a sender's life before one of the first could be repeated. */
const KEPT_VERDICTS = 10_000;
/** Longer datagrams are no rosters. */
const MAX_BYTES = 8192;
/** Never a pod's address: this host, loopback, groups, broadcast. */
const NO_POD = ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "::ffff:0:0/96", "ff00::/8"];

type Fields = Readonly<Record<"signature" | "body" | "verdict" | "count" | "list", string>>;
const FORM =
  /^(?<signature>[0-9a-f]{64}) (?<body>(?<verdict>[0-9a-f]{16}) (?<count>\d{1,15}) (?<list>[0-9a-fA-F.:,]*))$/;

/** Addresses that get the stream `unicast` now. */
export type Roster = () => readonly string[];

/**
 * Addresses that are known from the start, and those that the verdict tells while it judges: it alone knows by the API
 * which addresses pods were given. `run` is the sender's, and is read in its log only: what was told to another run is not believed.
 */
export async function openRoster(
  { unicast = [], rosterPort, rosterSize = 0, destinations }: SendConfig,
  key: DeploymentKey,
  run: string,
): Promise<Roster> {
  if (rosterPort === undefined) return () => unicast;
  let told: readonly string[] = [];
  let toldAt = -Infinity;
  const family = familyOf(destinations.test.group);
  const reader = new RosterReader(key, run, (address) => familyOf(address) === family, rosterSize);
  const socket = createSocket(`udp${family}`);
  socket.on("message", (datagram) => {
    const addresses = reader.read(datagram);
    if (addresses === undefined) return;
    told = addresses;
    toldAt = performance.now();
  });
  await bindUdp(socket, rosterPort, family);
  // A probe lives as long as its own work.
  socket.unref();
  return () => (performance.now() - toldAt < FORGET_MS ? [...new Set([...unicast, ...told])] : unicast);
}

/** Writes one verdict's rosters; no two are alike. */
export class RosterWriter {
  private readonly verdict = randomBytes(8).toString("hex");
  private count = 0;

  public constructor(private readonly key: DeploymentKey) {}

  /** The next datagram, for one run of the sender. */
  public next(run: string, addresses: readonly string[]): Buffer {
    this.count += 1;
    const body = `${this.verdict} ${this.count} ${addresses.join(",")}`;
    return Buffer.from(`${this.key.sign("roster", run, body).toString("hex")} ${body}`);
  }
}

/** Tells rosters of this deployment's verdicts for one run of the sender from all else that comes to the port. */
export class RosterReader {
  private readonly counts = new Map<string, number>();

  public constructor(
    private readonly key: DeploymentKey,
    private readonly run: string,
    private readonly fits: (address: string) => boolean,
    private readonly size: number,
  ) {}

  /** The addresses of a roster that never came before; nothing of any other datagram. */
  public read(datagram: Buffer): string[] | undefined {
    if (datagram.length > MAX_BYTES) return undefined;
    const found = FORM.exec(datagram.toString("latin1"))?.groups as Fields | undefined;
    if (!found || !this.key.verify("roster", Buffer.from(found.signature, "hex"), this.run, found.body))
      return undefined;
    return this.isNew(found.verdict, Number(found.count)) ? this.addressesIn(found.list) : undefined;
  }

  private isNew(verdict: string, count: number): boolean {
    const last = this.counts.get(verdict);
    if (last === undefined ? this.counts.size >= KEPT_VERDICTS : count <= last) return false;
    this.counts.set(verdict, count);
    return true;
  }

  private addressesIn(list: string): string[] {
    return list
      .split(",")
      .filter((address) => isPodAddress(address) && this.fits(address))
      .slice(0, this.size);
  }
}

function isPodAddress(address: string): boolean {
  return isIP(address) !== 0 && !NO_POD.some((cidr) => contains(cidr, address));
}
