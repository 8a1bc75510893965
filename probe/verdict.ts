import type { VerdictConfig } from "./config";
import { judgeReceiver, obstacle, podReport, type Situation } from "./judge";
import type { KubeApi } from "./kube-api";
import { parseLine } from "./lines";
import { followLog, pause } from "./log-follower";
import { Observations, type Block } from "./observations";
import { readPodState, type PodState } from "./pod-state";
import { REPORT_SCHEMA_VERSION, type Report } from "./report";

/** How often it is looked whether the window is complete. */
const LOOK_MS = 500;
/** A fault that evidence names must stand for so long before the verdict falls early. */
const FAULT_STANDS_MS = 3000;
/** Log lines of so many seconds more than the window are read from the past. */
const HISTORY_MARGIN_SECONDS = 5;

/** Watches the check's pods and judges them. */
export async function verdict(config: VerdictConfig, api: KubeApi): Promise<Report> {
  const startedAt = new Date();
  const situation = await watch(config, api);
  return judge(situation, startedAt, api.retries);
}

/** Reads the logs until there is a window, a fault that waiting cannot mend, or the deadline. */
async function watch(config: VerdictConfig, api: KubeApi): Promise<Situation> {
  const observations = new Observations(config);
  const stop = new AbortController();
  const pods = [config.sender, ...config.receivers];
  const followers = pods.map(({ pod }) => {
    const source = {
      namespace: config.report.namespace,
      name: pod,
      historySeconds: config.windowSeconds + HISTORY_MARGIN_SECONDS,
    };
    const onLine = (text: string): void => {
      const line = parseLine(text);
      if (line) observations.add(pod, line, performance.now());
    };
    return followLog(api, source, onLine, stop.signal);
  });
  try {
    await untilDecided(config, api, observations);
    return { config, observations, podStates: await podStates(config, api), now: performance.now() };
  } finally {
    stop.abort();
    await Promise.all(followers);
  }
}

async function untilDecided(config: VerdictConfig, api: KubeApi, observations: Observations): Promise<void> {
  const startedAt = performance.now();
  let faultSince = startedAt;
  for (;;) {
    const now = performance.now();
    if (observations.window(now) || now - startedAt >= config.deadlineSeconds * 1000) return;
    const situation = { config, observations, podStates: await podStates(config, api), now };
    if (!config.receivers.some((receiver) => obstacle(situation, receiver)?.certain)) faultSince = now;
    if (now - faultSince >= FAULT_STANDS_MS) return;
    await pause(LOOK_MS, new AbortController().signal);
  }
}

async function podStates(config: VerdictConfig, api: KubeApi): Promise<Map<string, PodState>> {
  const states = [config.sender, ...config.receivers].map(
    async ({ pod }) => [pod, await readPodState(api, config.report.namespace, pod)] as const,
  );
  return new Map(await Promise.all(states));
}

/** The report on what was observed. */
export function judge(situation: Situation, startedAt: Date, transportRetries: number): Report {
  const { config, observations, now } = situation;
  const window = observations.window(now);
  const blocks = window ?? observations.latest(now);
  const receivers = config.receivers.map((receiver) =>
    judgeReceiver(situation, receiver, blocks, window !== undefined),
  );
  const passed = receivers.filter(({ verdict: each }) => each === "passed");
  const green = window !== undefined && passed.length === receivers.length;
  const { test, control } = config.destinations;
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "stream",
    check: config.report.check,
    namespace: config.report.namespace,
    ...test,
    ttl: config.ttl,
    controlGroup: control.group,
    network: config.network,
    interface: config.interface,
    image: config.report.image,
    verdict: green ? "passed" : "failed",
    summary: summarise(situation, blocks, window !== undefined, passed.length),
    sender: podReport(situation, config.sender),
    receivers,
    times: { startedAt: startedAt.toISOString(), judgedAt: new Date().toISOString(), judgedSeconds: blocks.length },
    transportRetries,
  };
}

function summarise(situation: Situation, blocks: readonly Block[], complete: boolean, passed: number): string {
  const { config } = situation;
  const { group, port } = config.destinations.test;
  const met = `${passed} of ${config.receivers.length} expectations met for ${group}:${port}`;
  if (complete) return `${met} over ${blocks.length} s`;
  const causes = config.receivers.flatMap((receiver) => obstacle(situation, receiver)?.text ?? []);
  const why = causes[0] ?? "not every receiver heard what it must for long enough";
  return `${met}, but there were no ${config.windowSeconds} s to judge within ${config.deadlineSeconds} s: ${why}`;
}
