import { connect } from "node:net";
import { socketText } from "./address";
import type { Outlet } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { LineSplitter } from "./line-splitter";
import { pause, type OnLine } from "./log-follower";
import { END_OF_KEPT } from "./outlet";
import { freshNumber, introduce, isNumber, LineSigner } from "./outlet-words";

/** Between a lost connection and the next. */
const REOPEN_PAUSE_MS = 500;
/** A connection without a signed line by then is tried anew: the first packet may have met an address that was not yet known. */
const KNOWN_WITHIN_MS = 3000;

const STRANGER = "what answers there is no probe of this deployment";

/** What is wrong with the connection; nothing while it stands. */
export type OnComplaint = (complaint: string | undefined) => void;

/** Hands each line that a probe of this deployment outside the cluster gives out to `onLine` until `signal` aborts, first those that it has kept. */
export async function followOutlet(
  outlet: Outlet,
  key: DeploymentKey,
  onLine: OnLine,
  onComplaint: OnComplaint,
  signal: AbortSignal,
): Promise<void> {
  let isNews = false;
  const take = (text: string): void => {
    if (text === END_OF_KEPT) isNews = true;
    else onLine(text, isNews);
  };
  while (!signal.aborted) {
    onComplaint(await readUntilEnd(outlet, new Reader(key, take, onComplaint), signal));
    await pause(REOPEN_PAUSE_MS, signal);
  }
}

/** One connection's lines. The other side is a stranger until it has signed one. */
class Reader {
  public isKnown = false;
  private signer?: LineSigner;

  public constructor(
    private readonly key: DeploymentKey,
    private readonly onLine: (text: string) => void,
    private readonly onComplaint: OnComplaint,
  ) {}

  /** Takes a line; what it gives is sent back. @throws Error for one that no probe of this deployment says. */
  public read(text: string): string | undefined {
    if (this.signer === undefined) {
      if (!isNumber(text)) throw new Error(STRANGER);
      const conversation = { probe: text, verdict: freshNumber() };
      this.signer = new LineSigner(this.key, conversation);
      return `${introduce(this.key, conversation)}\n`;
    }
    const line = this.signer.read(text);
    if (line === undefined) throw new Error(STRANGER);
    if (!this.isKnown) this.onComplaint(undefined);
    this.isKnown = true;
    if (line !== "") this.onLine(line);
    return undefined;
  }
}

function readUntilEnd({ address, port }: Outlet, reader: Reader, signal: AbortSignal): Promise<string> {
  const place = `TCP ${socketText(address, port)}`;
  return new Promise((resolve) => {
    let why = `its connection on ${place} has ended`;
    const socket = connect({ host: address, port });
    const giveUp = (): void => void socket.destroy();
    // However the other side drips: it must have shown by then that it is the deployment's.
    const timer = setTimeout(() => reader.isKnown || socket.destroy(new Error("no answer")), KNOWN_WITHIN_MS);
    const lines = new LineSplitter(
      (text) => {
        if (socket.destroyed) return;
        try {
          const answer = reader.read(text);
          if (answer !== undefined) socket.write(answer);
        } catch (error) {
          socket.destroy(error as Error);
        }
      },
      () => socket.destroy(new Error("a line that is too long")),
    );
    signal.addEventListener("abort", giveUp);
    socket.on("data", (chunk) => lines.push(chunk));
    socket.on("error", (error) => (why = `no connection to ${place} (${error.message})`));
    socket.on("close", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      resolve(why);
    });
  });
}
