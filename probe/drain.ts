/** A flood never ends; so long is waited for a turn in which nothing came. */
const LONGEST_MS = 1000;

/**
 * Resolves when all that had arrived has been handled: after a turn of the event loop in which nothing was. A process that had
 * no processor for a while has a queue, and libuv takes only some datagrams of it in each turn (uv__udp_recvmsg), so that a
 * timer fires in the middle of it.
 *
 * @returns a time by `performance.now()`: all that had arrived by then has been handled.
 */
export async function drained(handled: () => number): Promise<number> {
  const until = performance.now() + LONGEST_MS;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  // A turn that begins in the middle of the loop ends before sockets are read; the next ones are whole.
  await turn();
  let before: number;
  let at: number;
  do {
    before = handled();
    at = performance.now();
    await turn();
  } while (handled() !== before && performance.now() < until);
  return at;
}
