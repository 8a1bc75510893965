import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { familyOf } from "./address";
import type { SendConfig } from "./config";
import { bindUdp } from "./port-in-use";

/** So long after the verdict last asked for them, receivers are sent nothing more. */
const FORGET_MS = 5000;

/** More addresses than any check has receivers are not taken, so that nobody makes a sender flood a network. */
const MAX_TOLD = 64;

/** Addresses that get the stream `unicast` now. */
export type Roster = () => readonly string[];

/**
 * Addresses that are known from the start, and those that the verdict tells while it judges: it alone knows by the API
 * which addresses pods were given.
 */
export async function openRoster({ unicast = [], rosterPort, destinations }: SendConfig): Promise<Roster> {
  if (rosterPort === undefined) return () => unicast;
  let told: readonly string[] = [];
  let toldAt = -Infinity;
  const family = familyOf(destinations.test.group);
  const socket = createSocket(`udp${family}`);
  socket.on("message", (datagram) => {
    told = addressesIn(datagram.toString("utf8"));
    toldAt = performance.now();
  });
  await bindUdp(socket, rosterPort, family);
  return () => (performance.now() - toldAt < FORGET_MS ? [...new Set([...unicast, ...told])] : unicast);
}

/** A roster as a datagram's text. */
export function rosterText(addresses: readonly string[]): string {
  return addresses.join("\n");
}

function addressesIn(text: string): string[] {
  return text
    .split("\n")
    .filter((address) => isIP(address) !== 0)
    .slice(0, MAX_TOLD);
}
