import type { Expectation, NetworkUnderTest } from "./config";
import type { Evidence } from "./evidence";

/** Version of the report's shape; a reader refuses one that it does not know. */
export const REPORT_SCHEMA_VERSION = 1;

/** Keys of the report's ConfigMap. */
export const REPORT_KEY = "report.json";
export const SUMMARY_KEY = "summary";

/** `inconclusive`: silence was expected and came, but nothing proves that there was something to hear. It fails the check. */
export type ReceiverVerdict = "passed" | "failed" | "inconclusive";

/** What was counted over the judged blocks. */
export interface ReceiverNumbers {
  /** What the sender should have sent at its rate; of Services and socat, how often was asked. */
  readonly sent: number;
  readonly received: number;
  /** 0 to 100; 100 where nothing was sent. */
  readonly lossPercent: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  /** Datagrams on the port that are not of this check, since the receiver's start. */
  readonly foreign: number;
  readonly controlSent: number;
  readonly controlReceived: number;
  /** Of the stream to its address, where there was one. */
  readonly unicastSent?: number;
  readonly unicastReceived?: number;
  /** Milliseconds from the join to the first datagram of the test group, where one was joined and heard. */
  readonly firstHeardAfterMs?: number;
}

/** One pod of the check, or a probe outside the cluster. */
export interface PodReport {
  readonly name: string;
  readonly pod: string;
  /** Namespace of the pod, where it is not the check's. */
  readonly namespace?: string;
  /** Node of the pod; the host's name outside the cluster. */
  readonly node?: string;
  /** Whether it runs outside the cluster. */
  readonly external?: boolean;
  /** Its addresses on the attached interface, in CIDR notation. */
  readonly addresses: readonly string[];
  readonly evidence?: Evidence;
}

/** One receiver, judged. */
export interface ReceiverReport extends PodReport {
  readonly expectation: Expectation;
  /** Groups it was told to join. */
  readonly joins: readonly string[];
  /** What must be true of the stream to its address, where that is judged. */
  readonly unicast?: Expectation;
  readonly verdict: ReceiverVerdict;
  /** One sentence: what was heard and, where that is wrong, why as far as the evidence shows. */
  readonly reason: string;
  /** What is wrong beside what the verdict is about, one sentence each, also where it passed. */
  readonly warnings?: readonly string[];
  readonly numbers: ReceiverNumbers;
}

/** What a check found. */
export interface Report {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  /**
   * `stream`: numbered datagrams of our own; `socat`: question and answer by socat; `service`: Services asked by TCP;
   * `status`: what Multus says of pods, with no group, port and TTL.
   */
  readonly kind: "stream" | "socat" | "service" | "status";
  /**
   * Which run judged: the UID of its pod, which the API server makes at random for each. Two reports are of one run only
   * if they are equal here, whatever the clocks say. Nothing in a report of an earlier version.
   */
  readonly runId?: string;
  readonly check: string;
  readonly namespace: string;
  readonly group: string;
  readonly port: number;
  readonly ttl: number;
  /** Group that proves that sender, path and receivers live; only of kind `stream`. */
  readonly controlGroup?: string;
  /** What carried the streams. */
  readonly network: NetworkUnderTest;
  /** Interface name inside the pods. */
  readonly interface: string;
  readonly image: string;
  readonly verdict: "passed" | "failed";
  /** One line. */
  readonly summary: string;
  readonly sender: PodReport;
  readonly receivers: readonly ReceiverReport[];
  readonly times: {
    /** ISO 8601, by the verdict pod's clock. */
    readonly startedAt: string;
    readonly judgedAt: string;
    /** Seconds of traffic that were judged; 0 where there was none. */
    readonly judgedSeconds: number;
  };
  /** Requests to the API server that had to be made again. */
  readonly transportRetries: number;
}

/** A report that says which run judged. */
export type SignedReport = Report & { readonly runId: string };

/**
 * Reads a report as the ConfigMap holds it.
 *
 * @throws Error for text that is no report, or one of another schema version.
 */
export function parseReport(text: string): Report {
  const value = JSON.parse(text) as Partial<Report> | null;
  if (value?.schemaVersion !== REPORT_SCHEMA_VERSION)
    throw new Error(
      `report.schemaVersion must be ${REPORT_SCHEMA_VERSION}, got ${JSON.stringify(value?.schemaVersion)}`,
    );
  const missing = (
    ["check", "namespace", "group", "network", "verdict", "summary", "sender", "receivers", "times"] as const
  ).filter((field) => value[field] === undefined);
  if (missing.length > 0) throw new Error(`report must have ${missing.join(", ")}`);
  return value as Report;
}
