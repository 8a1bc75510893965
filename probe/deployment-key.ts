import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

/** What a signature is for; one made for one purpose is worth nothing for another. */
export type Purpose = "packet" | "greeting" | "answer" | "roster" | "outlet-reader" | "outlet-line";

/** A key of fewer characters was not made by the constructs. */
const LEAST_CHARACTERS = 32;
const HOST_NAME_DIGITS = 10;

/**
 * The secret that all probes of one check of one deployment share, and nothing else has: what it signs is the deployment's own
 * (docs/adr/0023-identity-of-a-deployment.md). It is never printed.
 */
export class DeploymentKey {
  private readonly keys = new Map<Purpose, Buffer>();

  /** @throws Error for a text that is too short to be such a key. */
  public constructor(private readonly secret: string) {
    if (secret.length < LEAST_CHARACTERS)
      throw new Error(`the deployment's key must have at least ${LEAST_CHARACTERS} characters, got ${secret.length}`);
  }

  /** Reads the key from a file. */
  public static read(file: string): DeploymentKey {
    return new DeploymentKey(readFileSync(file, "utf8").trim());
  }

  /** HMAC-SHA256 of the parts, which are told apart whatever they hold. */
  public sign(purpose: Purpose, ...parts: readonly (string | Buffer)[]): Buffer {
    const hmac = createHmac("sha256", this.keyFor(purpose));
    for (const part of parts) {
      const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      hmac.update(length).update(bytes);
    }
    return hmac.digest();
  }

  /** Whether `signature`, which may be cut to no less than 16 bytes, is that of the parts. */
  public verify(purpose: Purpose, signature: Buffer, ...parts: readonly (string | Buffer)[]): boolean {
    if (signature.length < 16 || signature.length > 32) return false;
    return timingSafeEqual(signature, this.sign(purpose, ...parts).subarray(0, signature.length));
  }

  /** Host name of a pod of this deployment, as the constructs make it with Terraform's own functions. */
  public hostName(prefix: string): string {
    const digest = createHash("sha256").update(`hostname:${this.secret}`).digest("hex");
    return `${prefix}-${digest.slice(0, HOST_NAME_DIGITS)}`;
  }

  private keyFor(purpose: Purpose): Buffer {
    const known = this.keys.get(purpose);
    if (known) return known;
    const key = createHmac("sha256", this.secret).update(purpose).digest();
    this.keys.set(purpose, key);
    return key;
  }
}
