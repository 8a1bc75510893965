import { setTimeout as delay } from "node:timers/promises";

/** Options of {@link waitUntil}. */
export interface WaitOptions {
  /** Ends the sentence "gave up after N ms waiting until …". */
  readonly what: string;
  readonly timeoutMilliseconds: number;
  readonly intervalMilliseconds?: number;
}

/**
 * Polls a condition, and throws when it does not come true in time. Only for what has no event to wait for: a port
 * that opens on another host, or a cgroup of version 1 that empties.
 */
export async function waitUntil(condition: () => boolean | Promise<boolean>, options: WaitOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMilliseconds;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`gave up after ${options.timeoutMilliseconds} ms waiting until ${options.what}`);
    }
    await delay(options.intervalMilliseconds ?? 20);
  }
}
