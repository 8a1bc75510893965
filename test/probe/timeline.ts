import type { CheckedReceiver, StreamName, VerdictConfig } from "../../probe/config";
import type { HeardBlock, ReceiverLine, SenderLine } from "../../probe/lines";
import { Observations } from "../../probe/observations";
import type { PodState } from "../../probe/pod-state";
import type { Report } from "../../probe/report";
import type { Situation } from "../../probe/situation";
import { judge } from "../../probe/verdict";
import { windowOf } from "../../probe/window";
import { config as usual, RATE, soundEvidence } from "./scene";

/** Times are milliseconds; the sender starts at 0 and the verdict at `START`. */
export const START = 10_000;
const LOOK_MS = 500;
const STREAMS = ["test", "control", "unicast"] as const;

/** What is unusual in a run; what is not said is in order. */
export interface Run {
  readonly config?: Partial<VerdictConfig>;
  /** How long a pod's line that was printed at `at` takes to the verdict. */
  readonly delay?: (pod: string, at: number) => number;
  /** From when to when a pod has no processor. */
  readonly stopped?: Readonly<Record<string, readonly [number, number]>>;
  /** Datagrams that a receiver's socket holds while it has no processor; the rest is dropped there. */
  readonly buffer?: number;
  /** Whether the sender sends a stream at `at`. */
  readonly sends?: (stream: StreamName, at: number) => boolean;
  /** Whether the network brings a datagram of a stream to a pod. */
  readonly brings?: (pod: string, stream: StreamName, at: number) => boolean;
  /** Lines that never come to the verdict. */
  readonly loses?: (pod: string, at: number) => boolean;
  /** When a pod's probe starts anew. */
  readonly restarts?: Readonly<Record<string, number>>;
  /** What a pod's own clock says; nothing may come of it. */
  readonly clock?: (pod: string, at: number) => number;
}

interface Printed {
  readonly pod: string;
  readonly at: number;
  readonly line: SenderLine | ReceiverLine;
}

/** What the verdict finds, and when. */
export interface Found {
  readonly report: Report;
  /** Milliseconds from the verdict's start. */
  readonly after: number;
}

/** Plays a run until there is a window or the deadline. */
export function found(run: Run): Found {
  const config = { ...usual, ...run.config };
  const until = START + config.deadlineSeconds * 1000;
  const lines = [
    ...senderLines(run, config, until),
    ...config.receivers.flatMap((each) => new Receiver(run, each).lines(until)),
  ]
    .filter(({ pod, at }) => !(run.loses?.(pod, at) ?? false))
    .map((printed) => ({
      ...printed,
      readAt: Math.max(START, printed.at + (run.delay?.(printed.pod, printed.at) ?? 50)),
    }))
    .sort((one, other) => one.readAt - other.readAt || one.at - other.at);
  const observations = new Observations(config);
  const podStates = new Map<string, PodState>(
    ["sender", ...config.receivers.map(({ pod }) => pod)].map((pod) => [
      pod,
      { exists: true, phase: "Running", node: "a" },
    ]),
  );
  for (let now = START; ; now += LOOK_MS) {
    while (lines[0] !== undefined && lines[0].readAt <= now) {
      const { pod, line, readAt } = lines.shift()!;
      observations.add(pod, line, { at: readAt, isNews: readAt > START });
    }
    const situation: Situation = { config, observations, podStates, now };
    if (windowOf(situation) ?? now >= until) return { report: judge(situation, new Date(0), 0), after: now - START };
  }
}

function senderLines(run: Run, config: VerdictConfig, until: number): Printed[] {
  const printed: Printed[] = [];
  for (let block = 0; (block + 1) * 1000 <= until; block += 1) {
    const at = (block + 1) * 1000;
    const sent = (stream: StreamName): number =>
      datagrams(block).filter((each) => run.sends?.(stream, each) ?? true).length;
    const groups = (["test", "control"] as const).map((stream) => ({ stream, block, sent: sent(stream), errors: {} }));
    const unicast = config.receivers.flatMap(({ address }) =>
      address === undefined || sent("unicast") === 0
        ? []
        : [{ stream: "unicast" as const, to: address, block, sent: sent("unicast"), errors: {} }],
    );
    const line: SenderLine = {
      role: "sender",
      at: run.clock?.("sender", at) ?? at,
      incarnation: "s1",
      sequence: block,
      blocks: [...groups, ...unicast],
      evidence: soundEvidence(1),
    };
    printed.push({ pod: "sender", at, line });
  }
  return printed;
}

/** When the datagrams of a block are sent. */
function datagrams(block: number): number[] {
  return Array.from({ length: RATE }, (_, index) => block * 1000 + (index * 1000) / RATE);
}

/** A receiver that prints each second, 300 ms after the sender. */
class Receiver {
  private readonly counts = new Map<string, HeardBlock>();
  private sequence = 0;
  private dropped = 0;
  private waiting = 0;
  private next = 0;
  private incarnation = 1;

  public constructor(
    private readonly run: Run,
    private readonly checked: CheckedReceiver,
  ) {}

  public lines(until: number): Printed[] {
    const { pod } = this.checked;
    const restart = this.run.restarts?.[pod] ?? Infinity;
    const printed: Printed[] = [];
    for (let at = 1300; at <= until; at += 1000) {
      if (this.isStopped(at)) continue;
      if (at >= restart && this.incarnation === 1) {
        this.incarnation = 2;
        [this.sequence, this.dropped] = [0, 0];
        this.counts.clear();
      }
      printed.push({ pod, at, line: this.line(at) });
    }
    return printed;
  }

  private line(at: number): ReceiverLine {
    const { pod, joins } = this.checked;
    const changed = new Set<string>();
    for (; this.next <= at - 1; this.next += 1000 / RATE)
      for (const stream of STREAMS) {
        const key = this.take(stream);
        if (key !== undefined) changed.add(key);
      }
    return {
      role: "receiver",
      at: this.run.clock?.(pod, at) ?? at,
      incarnation: `${pod}-${this.incarnation}`,
      sequence: this.sequence++,
      elapsedMs: at,
      socketDrops: this.dropped,
      joined: joins,
      blocks: [...changed].flatMap((key) => this.counts.get(key) ?? []),
      foreign: 0,
      firstHeardAfterMs: {},
      evidence: soundEvidence(hostOf(pod), ...joins),
    };
  }

  /** Takes the next datagram of a stream, if it comes. */
  private take(stream: StreamName): string | undefined {
    const { run, next } = this;
    if (!this.comes(stream)) return undefined;
    this.waiting = this.isStopped(next) ? this.waiting + 1 : 0;
    if (this.waiting > (run.buffer ?? Infinity)) {
      this.dropped += 1;
      return undefined;
    }
    const block = Math.floor(next / 1000);
    const key = `${stream} ${block}`;
    const known = this.counts.get(key) ?? { sender: "s1", stream, block, received: 0, duplicates: 0, outOfOrder: 0 };
    this.counts.set(key, { ...known, received: known.received + 1 });
    return key;
  }

  private comes(stream: StreamName): boolean {
    const { run, next } = this;
    if (!this.listens(stream) || !(run.sends?.(stream, next) ?? true)) return false;
    return run.brings?.(this.checked.pod, stream, next) ?? true;
  }

  private listens(stream: StreamName): boolean {
    const { joins, proof, unicast } = this.checked;
    if (stream === "unicast") return (proof ?? unicast) !== undefined;
    return stream === "control" || joins.includes("239.1.1.1");
  }

  private isStopped(at: number): boolean {
    const [from, to] = this.run.stopped?.[this.checked.pod] ?? [Infinity, Infinity];
    return at >= from && at < to;
  }
}

const KNOWN_HOSTS: Readonly<Record<string, number>> = { ear: 2, deaf: 3 };
const otherHosts = new Map<string, number>();

/** Last number of a pod's address: each has its own, the deaf one that of DEAF_ADDRESS. */
function hostOf(pod: string): number {
  const host = KNOWN_HOSTS[pod] ?? otherHosts.get(pod) ?? 4 + otherHosts.size;
  otherHosts.set(pod, host);
  return host;
}
