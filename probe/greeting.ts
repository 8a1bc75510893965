import { randomBytes } from "node:crypto";
import type { DeploymentKey } from "./deployment-key";

/** Longer datagrams are no greetings: a name has 63 characters at most. */
const MAX_BYTES = 512;
/** Runs of one member that came to an end; a recorded greeting of one of them is not believed. */
const KEPT_RUNS = 64;

/** Makes the greetings of one member's run; no two are alike. */
export class Greeter {
  private readonly run = randomBytes(8).toString("hex");
  private count = 0;

  public constructor(
    private readonly key: DeploymentKey,
    private readonly name: string,
  ) {}

  /** The next datagram. */
  public next(): Buffer {
    this.count += 1;
    const body = `${this.run} ${this.count} ${this.name}`;
    return Buffer.from(`${this.key.sign("greeting", body).toString("hex")} ${body}`);
  }
}

interface Known {
  run: string;
  count: number;
  readonly ended: string[];
}

/** Tells greetings of the deployment's members from all else that comes to the port. */
export class Guestbook {
  private readonly known = new Map<string, Known>();

  public constructor(private readonly key: DeploymentKey) {}

  /** The name in a greeting that was signed by the deployment and never came before; nothing else. */
  public read(datagram: Buffer): string | undefined {
    if (datagram.length > MAX_BYTES) return undefined;
    const [, signature = "", body = "", run = "", count = "", name = ""] =
      /^([0-9a-f]{64}) (([0-9a-f]{16}) (\d{1,15}) (.+))$/.exec(datagram.toString("utf8")) ?? [];
    if (name === "" || !this.key.verify("greeting", Buffer.from(signature, "hex"), body)) return undefined;
    return this.isNew(name, run, Number(count)) ? name : undefined;
  }

  private isNew(name: string, run: string, count: number): boolean {
    const known = this.known.get(name);
    if (known === undefined) {
      this.known.set(name, { run, count, ended: [] });
      return true;
    }
    if (known.run === run && count <= known.count) return false;
    if (known.run !== run) {
      if (known.ended.includes(run)) return false;
      known.ended.push(known.run);
      if (known.ended.length > KEPT_RUNS) known.ended.shift();
    }
    known.run = run;
    known.count = count;
    return true;
  }
}
