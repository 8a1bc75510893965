import { connect } from "node:net";
import { createInterface } from "node:readline";
import { socketText } from "./address";
import type { Outlet } from "./config";
import { pause } from "./log-follower";

/** Between a lost connection and the next. */
const REOPEN_PAUSE_MS = 500;
/** A connection that is not there by then is tried anew: the first packet may have met an address that was not yet known. */
const CONNECT_MS = 3000;

/** What is wrong with the connection; nothing while it stands. */
export type OnComplaint = (complaint: string | undefined) => void;

/** Hands each line that a probe outside the cluster gives out to `onLine` until `signal` aborts. */
export async function followOutlet(
  outlet: Outlet,
  onLine: (text: string) => void,
  onComplaint: OnComplaint,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    onComplaint(await readUntilEnd(outlet, onLine, onComplaint, signal));
    await pause(REOPEN_PAUSE_MS, signal);
  }
}

function readUntilEnd(
  { address, port }: Outlet,
  onLine: (text: string) => void,
  onComplaint: OnComplaint,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve) => {
    let why = `its connection on TCP ${socketText(address, port)} has ended`;
    const socket = connect({ host: address, port });
    const giveUp = (): void => void socket.destroy();
    const timer = setTimeout(() => socket.destroy(new Error("no answer")), CONNECT_MS);
    signal.addEventListener("abort", giveUp);
    socket.on("connect", () => {
      clearTimeout(timer);
      onComplaint(undefined);
    });
    socket.on("error", (error) => (why = `no connection to TCP ${socketText(address, port)} (${error.message})`));
    // Node.js hands the socket's error on to the reader of its lines.
    createInterface({ input: socket })
      .on("line", onLine)
      .on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      resolve(why);
    });
  });
}
