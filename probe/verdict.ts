import { socketText } from "./address";
import type { VerdictConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { judgeReceiver, obstacles, podReport } from "./judge";
import type { KubeApi } from "./kube-api";
import { REPORT_SCHEMA_VERSION, type Report } from "./report";
import type { Block } from "./sender-record";
import type { Situation } from "./situation";
import { judgeSwitched } from "./switch";
import { watch } from "./watch";
import { latestOf, windowOf } from "./window";

/** Watches the check's pods and judges them. */
export async function verdict(config: VerdictConfig, api: KubeApi, key: DeploymentKey): Promise<Report> {
  if (config.switched) return judgeSwitched(config, config.switched, api, (each) => watched(each, api, key));
  return watched(config, api, key);
}

async function watched(config: VerdictConfig, api: KubeApi, key: DeploymentKey): Promise<Report> {
  const startedAt = new Date();
  const situation = await watch(config, api, key);
  return judge(situation, startedAt, api.retries);
}

/** The report on what was observed. */
export function judge(situation: Situation, startedAt: Date, transportRetries: number): Report {
  const { config } = situation;
  const window = windowOf(situation);
  const blocks = window ?? latestOf(situation);
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
  const met = `${passed} of ${config.receivers.length} expectations met for ${socketText(group, port)}`;
  if (complete) return `${met} over ${blocks.length} s`;
  const why = obstacles(situation)[0]?.[1].text ?? "not every receiver heard what it must for long enough";
  return `${met}, but there were no ${config.windowSeconds} s to judge within ${config.deadlineSeconds} s: ${why}`;
}
