import { randomBytes } from "node:crypto";
import type { DeploymentKey } from "./deployment-key";

/**
 * What a probe outside the cluster and the verdict say to each other by TCP before and beside the probe's lines. Each side makes a
 * number of its own, so that neither what the other said on another connection nor what a third one says is worth anything:
 *
 * probe: NUMBER; verdict: NUMBER SIGNATURE; probe, for each line: SIGNATURE LINE, where the signature holds for the line's place too.
 */
export interface Conversation {
  readonly probe: string;
  readonly verdict: string;
}

/** A number that was never used. */
export function freshNumber(): string {
  return randomBytes(16).toString("hex");
}

/** Whether a text has the form of {@link freshNumber}. */
export function isNumber(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** The verdict's line. */
export function introduce(key: DeploymentKey, { probe, verdict }: Conversation): string {
  return `${verdict} ${key.sign("outlet-reader", probe, verdict).toString("hex")}`;
}

/** The conversation that the verdict's line opens; nothing where it was not signed by the deployment for this probe's number. */
export function introduced(key: DeploymentKey, probe: string, line: string): Conversation | undefined {
  const [, verdict = "", signature = ""] = /^([0-9a-f]{32}) ([0-9a-f]{64})$/.exec(line) ?? [];
  if (!key.verify("outlet-reader", Buffer.from(signature, "hex"), probe, verdict)) return undefined;
  return { probe, verdict };
}

/** Signs the lines of one conversation in their order. */
export class LineSigner {
  private place = 0;

  public constructor(
    private readonly key: DeploymentKey,
    private readonly conversation: Conversation,
  ) {}

  /** The next line as it is sent. */
  public sign(line: string): string {
    return `${this.signature(line).toString("hex")} ${line}\n`;
  }

  /** The next line as it was given to {@link sign}; nothing where it is another. */
  public read(received: string): string | undefined {
    const [signature, line] = [received.slice(0, 64), received.slice(65)];
    const bytes = Buffer.from(signature, "hex");
    if (bytes.length !== 32 || received[64] !== " ") return undefined;
    return this.signature(line).equals(bytes) ? line : undefined;
  }

  private signature(line: string): Buffer {
    this.place += 1;
    const { probe, verdict } = this.conversation;
    return this.key.sign("outlet-line", probe, verdict, String(this.place), line);
  }
}
