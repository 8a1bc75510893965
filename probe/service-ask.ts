import { randomBytes } from "node:crypto";
import { readAnswer, type Answer } from "./answer-text";
import type { AskedService, ServiceAskConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { takeEvidence } from "./evidence";
import { exchange } from "./exchange";
import type { KubeApi } from "./kube-api";
import { pause } from "./log-follower";
import { readPodState, type PodState } from "./pod-state";
import { REPORT_SCHEMA_VERSION, type ReceiverReport, type Report } from "./report";
import { visible } from "./visible";

const ASK_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 2000;
const LONGEST_ROUND_MS = ANSWER_WITHIN_MS + ASK_EVERY_MS;
const MAX_ANSWER_BYTES = 256 * 1024;

/** What came of asking one Service once. */
export type Reply = { readonly answer: Answer } | { readonly error: string };

/** What came of asking one Service over and over. */
export interface Tally {
  readonly asked: number;
  readonly right: number;
  readonly last: Reply;
}

/** Asks every Service until all have answered rightly for the whole window, or the deadline is there. */
export async function serviceAsk(config: ServiceAskConfig, api: KubeApi, key: DeploymentKey): Promise<Report> {
  const startedAt = new Date();
  const { namespace } = config.report;
  const hosts = await Promise.all(config.services.map((service) => addressOf(api, namespace, service)));
  const ask = async (): Promise<readonly Reply[]> => {
    const replies = await Promise.all(hosts.map((host) => askOnce(host, config.port, key)));
    await pause(ASK_EVERY_MS, new AbortController().signal);
    return replies;
  };
  const { tallies, judgedSeconds } = await askUntilRight(config, ask);
  const states = config.services.map(async ({ pod, isPod }) => (isPod ? readPodState(api, namespace, pod) : undefined));
  return reportOn(config, tallies, await Promise.all(states), { startedAt, judgedSeconds }, api.retries);
}

/** What came of the rounds since the last wrong answer, or of that one. */
export interface Rounds {
  readonly tallies: readonly Tally[];
  /** Seconds without a wrong answer. */
  readonly judgedSeconds: number;
}

/**
 * Asks in rounds until all answers were right for the window. A round counts with its own time, but with no more than two
 * pauses: while this process had no processor, nothing was asked.
 */
export async function askUntilRight(
  config: Pick<ServiceAskConfig, "services" | "windowSeconds" | "deadlineSeconds">,
  ask: () => Promise<readonly Reply[]>,
): Promise<Rounds> {
  let [waited, right] = [0, 0];
  let tallies: readonly Tally[] = [];
  while (right < config.windowSeconds * 1000 && waited < config.deadlineSeconds * 1000) {
    const before = performance.now();
    const replies = await ask();
    const took = performance.now() - before;
    waited += Math.min(took, LONGEST_ROUND_MS);
    const areRight = replies.map((reply, index) => isRight(reply, config.services[index]));
    // What went before a wrong answer says nothing of the window.
    const known = areRight.includes(false) ? [] : tallies;
    right = areRight.includes(false) ? 0 : right + Math.min(took, 2 * ASK_EVERY_MS);
    tallies = replies.map((last, index) => ({
      asked: (known[index]?.asked ?? 0) + 1,
      right: (known[index]?.right ?? 0) + (areRight[index] === true ? 1 : 0),
      last,
    }));
  }
  return { tallies, judgedSeconds: Math.round(right / 1000) };
}

/** Address of a Service on the cluster's network; a name would need the cluster's DNS, which not every cluster has. */
async function addressOf(api: KubeApi, namespace: string, { service }: AskedService): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/services/${service}`;
  const { spec } = (await api.json("GET", path)) as { readonly spec?: { readonly clusterIP?: string } };
  if (spec?.clusterIP === undefined) throw new Error(`Service ${service} has no address`);
  return spec.clusterIP;
}

/** A question of its own each time, so that an answer that was recorded is worth nothing. */
export async function askOnce(host: string, port: number, key: DeploymentKey): Promise<Reply> {
  const question = randomBytes(16).toString("hex");
  const limits = { withinMs: ANSWER_WITHIN_MS, maxBytes: MAX_ANSWER_BYTES };
  try {
    const received = await exchange({ host, port, text: `${question}\n`, ...limits });
    const answer = readAnswer(key, question, received);
    if (answer) return { answer };
    return { error: `what answers is not of this deployment: "${visible(received.slice(0, 80).trimEnd())}"` };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function isRight(reply: Reply, service: AskedService | undefined): boolean {
  return service !== undefined && faultOf(reply, service) === undefined;
}

/** What is wrong with a reply, where something is. */
export function faultOf(reply: Reply, { name, hears }: AskedService): string | undefined {
  if ("error" in reply) return `the Service did not answer: ${reply.error}`;
  const { answer } = reply;
  if (answer.name !== name) return `"${visible(answer.name)}" answered instead`;
  const deaf = hears.filter((other) => !answer.hears.includes(other));
  const over = answer.hears.filter((other) => !hears.includes(other));
  if (deaf.length === 0 && over.length === 0) return undefined;
  return [
    ...(deaf.length > 0 ? [`does not hear ${deaf.join(", ")}`] : []),
    ...(over.length > 0 ? [`hears ${over.join(", ")}, which it must not`] : []),
    ...(answer.trouble === undefined ? [] : [`its last trouble: ${answer.trouble}`]),
  ].join("; ");
}

function reportOn(
  config: ServiceAskConfig,
  tallies: readonly Tally[],
  states: readonly (PodState | undefined)[],
  { startedAt, judgedSeconds }: { readonly startedAt: Date; readonly judgedSeconds: number },
  transportRetries: number,
): Report {
  const { report, destination, sender } = config;
  const receivers = config.services.map((service, index) => receiverOf(config, service, tallies[index], states[index]));
  const passed = receivers.filter(({ verdict }) => verdict === "passed").length;
  const green = passed === receivers.length && judgedSeconds >= config.windowSeconds;
  const evidence = takeEvidence(config.interface, destination.group);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "service",
    check: report.check,
    namespace: report.namespace,
    ...destination,
    ttl: config.ttl,
    network: config.network,
    interface: config.interface,
    image: report.image,
    verdict: green ? "passed" : "failed",
    summary: `${passed} of ${receivers.length} Services answered as they must${howLong(config, judgedSeconds)}`,
    sender: { ...sender, addresses: evidence.addresses, evidence },
    receivers,
    times: { startedAt: startedAt.toISOString(), judgedAt: new Date().toISOString(), judgedSeconds },
    transportRetries,
  };
}

function howLong({ windowSeconds, deadlineSeconds }: ServiceAskConfig, judgedSeconds: number): string {
  if (judgedSeconds >= windowSeconds) return ` for ${judgedSeconds} s`;
  return ` at the end, but not for ${windowSeconds} s without a break within ${deadlineSeconds} s`;
}

function receiverOf(
  { destination }: ServiceAskConfig,
  service: AskedService,
  tally: Tally | undefined,
  state: PodState | undefined,
): ReceiverReport {
  const { name, pod, hears } = service;
  const { asked, right, last } = tally ?? { asked: 0, right: 0, last: { error: "it was not asked" } };
  const fault = faultOf(last, service);
  const lossPercent = asked === 0 ? 100 : Math.round((1 - right / asked) * 10_000) / 100;
  const notCounted = { duplicates: 0, outOfOrder: 0, foreign: 0, controlSent: 0, controlReceived: 0 };
  return {
    name,
    pod,
    node: state?.node ?? nodeOf(last) ?? service.node,
    addresses: [],
    joins: [destination.group],
    expectation: "heard",
    verdict: fault === undefined ? "passed" : "failed",
    reason: fault === undefined ? `answered, and hears ${hears.join(", ") || "nobody"}` : `${fault}${stateText(state)}`,
    numbers: { sent: asked, received: right, lossPercent, ...notCounted },
  };
}

/** Who makes a pod may not tell its name; it says itself where it is. */
function nodeOf(reply: Reply): string | undefined {
  return "answer" in reply ? reply.answer.node : undefined;
}

function stateText(state: PodState | undefined): string {
  if (state === undefined) return "";
  const phase = state.phase === "Running" ? "" : `; its pod is ${state.phase ?? "not there"}`;
  return state.lastWords === undefined ? phase : `${phase}; its container said last: ${state.lastWords}`;
}
