import { spawn } from "node:child_process";
import { familyOf } from "./address";
import type { SocatAskConfig, SocatListenConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { diagnose, type Case, type Side } from "./diagnosis";
import { addressesOf, takeEvidence } from "./evidence";
import type { KubeApi } from "./kube-api";
import { readPodState, type PodState } from "./pod-state";
import { REPORT_SCHEMA_VERSION, type Report } from "./report";
import { say } from "./sentences";
import { visible } from "./visible";

const TRY_AGAIN_MS = 500;
/** socat ends half a second after its input does, unless something keeps coming. */
const ASK_WITHIN_MS = 3000;
/** What is read of answers and of socat's own words. */
const MAX_TEXT = 4096;

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
 * may end before socat has handed it the datagram, and then socat drops the answer with "Broken pipe". That name holds a digest of the
 * deployment's key, and answers are taken from the listener's address alone: another lab's listener has neither.
 */
export async function socatAsk(config: SocatAskConfig, api: KubeApi, key: DeploymentKey): Promise<Report> {
  const startedAt = new Date();
  const deadline = performance.now() + config.deadlineSeconds * 1000;
  const attempts: Attempt[] = [];
  const answer = key.hostName(config.answer);
  do {
    const attempt = await askOnce(config, await rangeOf(config, api));
    attempts.push(attempt);
    if (attempt.answers.includes(answer)) break;
    await wait(TRY_AGAIN_MS);
  } while (performance.now() < deadline);
  return reportOn({ ...config, answer }, api, attempts, startedAt);
}

/** The listener's own address where it is known: fixed at synth, or the pod's on the cluster's network. */
async function rangeOf(
  { network, listener, listenerAddress, range, report }: SocatAskConfig,
  api: KubeApi,
): Promise<string> {
  if (network.kind === "attached") return listenerAddress === undefined ? range : `${listenerAddress}/32`;
  const { addresses = [] } = await readPodState(api, report.namespace, listener.pod);
  const address = addresses.find((each) => familyOf(each) === 4);
  return address === undefined ? range : `${address}/32`;
}

interface Attempt {
  /** Lines that came back, without blanks at the ends. */
  readonly answers: readonly string[];
  /** What socat said on standard error. */
  readonly complaint: string;
}

/** `echo | socat STDIO UDP4-DATAGRAM:…`: socat ends half a second after the end of its input. */
function askOnce({ destination, ttl }: SocatAskConfig, range: string): Promise<Attempt> {
  const target = `UDP4-DATAGRAM:${destination.group}:${destination.port},range=${range},ip-multicast-ttl=${ttl}`;
  return new Promise((resolve, reject) => {
    const socat = spawn("socat", ["STDIO", target], { stdio: ["pipe", "pipe", "pipe"] });
    let answer = "";
    let complaint = "";
    const timer = setTimeout(() => socat.kill("SIGKILL"), ASK_WITHIN_MS);
    socat.stdout.on("data", (chunk: Buffer) => (answer = (answer + chunk.toString("utf8")).slice(0, MAX_TEXT)));
    socat.stderr.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString("utf8")).slice(-MAX_TEXT)));
    socat.on("error", reject);
    socat.on("close", () => {
      clearTimeout(timer);
      resolve({ answers: linesOf(answer), complaint: complaint.trim() });
    });
    // socat may be gone before it has read; its own complaint says why.
    socat.stdin.on("error", () => undefined);
    socat.stdin.end("\n");
  });
}

function linesOf(answer: string): string[] {
  return answer.split("\n").flatMap((line) => line.trim() || []);
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
  const answers = attempts.filter((attempt) => attempt.answers.includes(answer)).length;
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
  const other = attempts.flatMap(({ answers }) => answers)[0];
  if (other !== undefined)
    return `"${visible(other.slice(0, 80))}" answered, not "${config.answer}"; another listener uses this group`;
  const cause = diagnose(caseOf(config, state, last?.complaint ?? ""));
  const complaint = last?.complaint ? `; socat says: ${visible(last.complaint.split("\n").at(-1) ?? "")}` : "";
  // What did not come may be the question or the answer, and the listener prints no evidence.
  const isKnown = cause !== undefined && !cause.witnesses.includes("counts");
  return (isKnown ? cause : say("noAnswer", config.interface)).text + complaint;
}

function caseOf(config: SocatAskConfig, state: PodState, complaint: string): Case {
  const side = (role: Side["role"], title: string, pod: string): Side => ({
    role,
    title,
    pod,
    interface: config.interface,
    quiet: false,
  });
  const sendErrors: Record<string, number> = complaint.includes("Network is unreachable") ? { ENETUNREACH: 1 } : {};
  return {
    network: config.network,
    destinations: { test: config.destination, control: config.destination },
    ttl: config.ttl,
    sender: {
      ...side("sender", "the sender", config.sender.pod),
      evidence: takeEvidence(config.interface, config.destination.group),
      state: { exists: true, phase: "Running", node: config.sender.node },
    },
    sendErrors,
    receiver: {
      ...side("receiver", "the listener", config.listener.pod),
      state,
      quiet: state.containerReason !== undefined,
      expect: "heard",
      missingSeconds: 0,
      dropped: 0,
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
