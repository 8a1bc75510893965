import { spawn } from "node:child_process";
import type { SocatAskConfig, SocatListenConfig } from "./config";
import { diagnose, type Case, type Side } from "./diagnosis";
import { addressesOf, takeEvidence } from "./evidence";
import type { KubeApi } from "./kube-api";
import { readPodState, type PodState } from "./pod-state";
import { REPORT_SCHEMA_VERSION, type Report } from "./report";

const TRY_AGAIN_MS = 500;

/**
 * The documents' listener: answers each datagram to the group with the pod's host name.
 *
 * @returns socat's exit code.
 */
export async function socatListen({ destination, interface: name }: SocatListenConfig): Promise<number> {
  let address = ownAddress(name);
  while (address === undefined) {
    await wait(TRY_AGAIN_MS);
    address = ownAddress(name);
  }
  const { group, port } = destination;
  const listener = spawn(
    "socat",
    [`UDP4-RECVFROM:${port},ip-add-membership=${group}:${address},fork`, "EXEC:hostname"],
    {
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  process.on("exit", () => listener.kill());
  return new Promise((resolve, reject) => {
    listener.on("error", reject);
    listener.on("exit", (code) => resolve(code ?? 1));
  });
}

/**
 * The documents' sender, asked again until the listener's host name comes back. One question is not enough: `hostname`
 * may end before socat has handed it the datagram, and then socat drops the answer with "Broken pipe".
 */
export async function socatAsk(config: SocatAskConfig, api: KubeApi): Promise<Report> {
  const startedAt = new Date();
  const deadline = performance.now() + config.deadlineSeconds * 1000;
  const attempts: Attempt[] = [];
  do {
    const attempt = await askOnce(config);
    attempts.push(attempt);
    if (attempt.answer === config.answer) break;
    await wait(TRY_AGAIN_MS);
  } while (performance.now() < deadline);
  return reportOn(config, api, attempts, startedAt);
}

interface Attempt {
  /** What came back, without blanks at the ends. */
  readonly answer: string;
  /** What socat said on standard error. */
  readonly complaint: string;
}

/** `echo | socat STDIO UDP4-DATAGRAM:…`: socat ends half a second after the end of its input. */
function askOnce({ destination, range, ttl }: SocatAskConfig): Promise<Attempt> {
  const target = `UDP4-DATAGRAM:${destination.group}:${destination.port},range=${range},ip-multicast-ttl=${ttl}`;
  return new Promise((resolve, reject) => {
    const socat = spawn("socat", ["STDIO", target], { stdio: ["pipe", "pipe", "pipe"] });
    let answer = "";
    let complaint = "";
    socat.stdout.on("data", (chunk: Buffer) => (answer += chunk.toString("utf8")));
    socat.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString("utf8")));
    socat.on("error", reject);
    socat.on("close", () => resolve({ answer: answer.trim(), complaint: complaint.trim() }));
    // socat may be gone before it has read; its own complaint says why.
    socat.stdin.on("error", () => undefined);
    socat.stdin.end("\n");
  });
}

async function reportOn(
  config: SocatAskConfig,
  api: KubeApi,
  attempts: readonly Attempt[],
  startedAt: Date,
): Promise<Report> {
  const { report, destination, listener, sender, answer } = config;
  const state = await readPodState(api, report.namespace, listener.pod);
  const evidence = takeEvidence(config.interface, destination.group);
  const answers = attempts.filter((attempt) => attempt.answer === answer).length;
  const verdict = answers > 0 ? "passed" : "failed";
  const asked = `answered ${answers} of ${attempts.length} questions to ${destination.group}:${destination.port}`;
  const reason = answers > 0 ? `${asked} with "${answer}"` : `${asked}: ${explain(config, attempts, state)}`;
  const place = { node: state.node ?? listener.node, addresses: [], joins: [destination.group] };
  const numbers = numbersOf(attempts.length, answers);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "socat",
    check: report.check,
    namespace: report.namespace,
    ...destination,
    ttl: config.ttl,
    network: config.network,
    interface: config.interface,
    image: report.image,
    verdict,
    summary: `socat: ${listener.name} ${reason}`,
    sender: { ...sender, addresses: evidence.addresses, evidence },
    receivers: [{ ...listener, ...place, expectation: "heard", verdict, reason, numbers }],
    times: timesSince(startedAt),
    transportRetries: api.retries,
  };
}

function timesSince(startedAt: Date): Report["times"] {
  const judgedAt = new Date();
  const judgedSeconds = Math.round((judgedAt.getTime() - startedAt.getTime()) / 1000);
  return { startedAt: startedAt.toISOString(), judgedAt: judgedAt.toISOString(), judgedSeconds };
}

function numbersOf(sent: number, received: number): Report["receivers"][number]["numbers"] {
  const lossPercent = Math.round((1 - received / sent) * 10_000) / 100;
  const notCounted = { duplicates: 0, outOfOrder: 0, foreign: 0, controlSent: 0, controlReceived: 0 };
  return { sent, received, lossPercent, ...notCounted };
}

function explain(config: SocatAskConfig, attempts: readonly Attempt[], state: PodState): string {
  const last = attempts.at(-1);
  const other = attempts.find(({ answer }) => answer !== "")?.answer;
  if (other !== undefined) return `"${other}" answered, not "${config.answer}"; another listener uses this group`;
  const cause = diagnose(caseOf(config, state, last?.complaint ?? ""));
  const complaint = last?.complaint ? `; socat says: ${last.complaint.split("\n").at(-1)}` : "";
  return (cause?.text ?? "no answer came") + complaint;
}

function caseOf(config: SocatAskConfig, state: PodState, complaint: string): Case {
  const side = (title: string, pod: string): Side => ({ title, pod, interface: config.interface, quiet: false });
  const sendErrors: Record<string, number> = complaint.includes("Network is unreachable") ? { ENETUNREACH: 1 } : {};
  return {
    network: config.network,
    destinations: { test: config.destination, control: config.destination },
    ttl: config.ttl,
    sender: {
      ...side("the sender", config.sender.pod),
      evidence: takeEvidence(config.interface, config.destination.group),
      state: { exists: true, phase: "Running", node: config.sender.node },
    },
    sendErrors,
    receiver: {
      ...side("the listener", config.listener.pod),
      state,
      quiet: state.containerReason !== undefined,
      expect: "heard",
    },
    heardTest: 0,
    heardControl: 0,
  };
}

function ownAddress(name: string): string | undefined {
  return addressesOf(name, 4)[0]?.split("/")[0];
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
