import type { VerdictConfig } from "./config";
import type { SenderLine } from "./lines";

/** What a sender offered its kernel of one stream in one block. */
export interface Offer {
  /** Datagrams that the kernel took. */
  readonly sent: number;
  /** Those that it refused, by error code; `EAGAIN` also for those that it did not take in time. */
  readonly errors: Readonly<Record<string, number>>;
}

/** By stream, `test` and `control`, and by the address of `unicast`. */
export type Offers = ReadonlyMap<string, Offer>;

/** All offers of one block. */
export function offersOf({ blocks }: SenderLine, number: number): Offers {
  const own = blocks.filter(({ block }) => block === number);
  return new Map(own.map(({ stream, to, sent, errors }) => [to ?? stream, { sent, errors }]));
}

/** Datagrams that were offered, taken or not. */
export function offered({ sent, errors }: Offer): number {
  return sent + total(errors);
}

/** Whether the sender skipped some of a block, being too late: that is no loss, and nothing can be judged by such a block. */
export function isStarved(offers: Offers, { ratePerSecond }: VerdictConfig): boolean {
  const test = offers.get("test");
  return test !== undefined && offered(test) < ratePerSecond;
}

const REASONS: Readonly<Record<string, string>> = {
  EPERM: "a firewall or a policy on its output drops them",
  EACCES: "a route or a policy forbids them",
  ENOBUFS: "the queue of its interface is full",
  EAGAIN: "its send buffer is full, since its interface does not send them away",
  ENETUNREACH: "it has no route there",
  EHOSTUNREACH: "it has no way there",
  EINVAL: "its route there discards them, or it cannot send there at all",
  ENETDOWN: "its interface is down",
  EADDRNOTAVAIL: "its interface has lost its address",
  EMSGSIZE: "its interface takes only smaller ones",
};

/** What a sender did not send of one stream. */
export interface SenderLoss {
  /** One sentence. */
  readonly text: string;
  /** The error that came most often, where the kernel refused. */
  readonly code?: string;
}

/**
 * What is missing at the sender itself over some blocks, measured by what the rate asks for; nothing where that is at most
 * the loss that is allowed. `key` is the stream, or the address that unicast goes to.
 */
export function senderLoss(
  blocks: readonly { readonly offers: Offers }[],
  key: string,
  to: string,
  { ratePerSecond, maxLossPercent }: VerdictConfig,
): SenderLoss | undefined {
  const offers = blocks.flatMap(({ offers: each }) => each.get(key) ?? []);
  const due = ratePerSecond * offers.length;
  const sent = offers.reduce((sum, offer) => sum + offer.sent, 0);
  const refused = new Map<string, number>();
  for (const { errors } of offers)
    for (const [code, times] of Object.entries(errors)) refused.set(code, (refused.get(code) ?? 0) + times);
  if (due === 0 || (due - sent) * 100 <= maxLossPercent * due) return undefined;
  const [code] = [...refused].sort(([, one], [, other]) => other - one)[0] ?? [];
  const skipped = due - offers.reduce((sum, offer) => sum + offered(offer), 0);
  const parts = [
    ...[...refused].map(
      ([each, times]) =>
        `the sender's kernel refused ${times} of ${due} packets to ${to} (${each})${REASONS[each] ? `: ${REASONS[each]}` : ""}`,
    ),
    ...(skipped > 0
      ? [
          `the sender skipped ${skipped} of ${due} packets to ${to}, having had no processor in time; that is no loss of the network`,
        ]
      : []),
  ];
  return { text: parts.join("; "), code };
}

function total(errors: Offer["errors"]): number {
  return Object.values(errors).reduce((sum, times) => sum + times, 0);
}
