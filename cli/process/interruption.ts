import { Interrupted } from "../errors";
import { descendants, signalAll } from "./process-table";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Two signals in one: the first Ctrl-C asks running steps to end in order, the second one ends them at once. */
export class Interruption {
  private readonly first = new AbortController();
  private readonly second = new AbortController();

  public constructor() {
    for (const name of SIGNALS) {
      process.on(name, () => (this.first.signal.aborted ? this.second : this.first).abort(new Interrupted()));
    }
  }

  /** Aborted at the first signal. */
  public get asked(): AbortSignal {
    return this.first.signal;
  }

  /** Aborted at the second signal. */
  public get forced(): AbortSignal {
    return this.second.signal;
  }

  /**
   * Work that knows nothing of signals: an interruption ends what it has started in this process's group, and this call.
   * Hosts that were booted run in groups of their own and stay.
   */
  public async stops<T>(work: Promise<T>): Promise<T> {
    this.asked.throwIfAborted();
    let stop = (): void => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      stop = () => reject(this.asked.reason as Error);
      this.asked.addEventListener("abort", stop, { once: true });
    });
    try {
      return await Promise.race([work, interrupted]);
    } catch (error) {
      this.asked.throwIfAborted();
      throw error;
    } finally {
      this.asked.removeEventListener("abort", stop);
    }
  }
}

/** Ends the processes that this one has started in its own process group. */
export async function endOwnChildren(): Promise<void> {
  const family = await descendants(process.pid);
  const group = family.find(({ pid }) => pid === process.pid)?.group;
  signalAll(
    family.filter((entry) => entry.pid !== process.pid && entry.group === group),
    "SIGTERM",
  );
}
