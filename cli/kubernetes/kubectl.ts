import { spawn } from "node:child_process";
import path from "node:path";
import { run, type RunOptions } from "../../embedded/system/commands";

/** How a pod can end, and what `kubectl wait` calls that. */
const ENDS = {
  succeeded: "jsonpath={.status.phase}=Succeeded",
  failed: "jsonpath={.status.phase}=Failed",
  gone: "delete",
} as const;

/** How a pod ended. */
export type PodEnd = keyof typeof ENDS;

/** kubectl, on one cluster. */
export class Kubectl {
  public constructor(
    /** kubectl, or a k3s program that carries it. */
    private readonly program: string,
    private readonly kubeconfig: string,
  ) {}

  /** The words before any command's own. */
  public get prefix(): string[] {
    return [...(path.basename(this.program).startsWith("k3s") ? ["kubectl"] : []), "--kubeconfig", this.kubeconfig];
  }

  /** Standard output of a command; rejects with what kubectl says. */
  public async text(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return (await run(this.program, [...this.prefix, ...args], options)).stdout;
  }

  /** Parsed standard output of a command, which gets `--output=json`. */
  public async json<T>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.text([...args, "--output=json"])) as T;
  }

  /**
   * Waits until a pod has ended or is gone, by a watch of each of which the first to end decides: one `kubectl wait` takes one condition.
   *
   * @param givenUp - ends the wait by its rejection
   * @throws Error when none comes in time.
   */
  public async waitForEnd(
    namespace: string,
    pod: string,
    timeoutSeconds: number,
    givenUp: Promise<never>,
  ): Promise<PodEnd> {
    const ended = new AbortController();
    const watch = ([end, condition]: [string, string]): Promise<PodEnd> => {
      const args = [
        "wait",
        "--namespace",
        namespace,
        `pod/${pod}`,
        `--for=${condition}`,
        `--timeout=${timeoutSeconds}s`,
      ];
      return new Promise((resolve, reject) => {
        const child = spawn(this.program, [...this.prefix, ...args], { stdio: "ignore", signal: ended.signal });
        child.once("error", reject);
        child.once("close", (code) => (code === 0 ? resolve(end as PodEnd) : reject(new Error(condition))));
      });
    };
    try {
      const end = Promise.any(Object.entries(ENDS).map(watch)).catch((error: unknown) => {
        throw new Error(`pod ${namespace}/${pod} did not end in ${timeoutSeconds} s`, { cause: error });
      });
      return await Promise.race([end, givenUp]);
    } finally {
      ended.abort();
    }
  }
}
