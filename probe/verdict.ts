import { socketText } from "./address";
import type { VerdictConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { judgeReceiver, obstacle, podReport, type Situation } from "./judge";
import type { KubeApi } from "./kube-api";
import type { Block } from "./observations";
import { REPORT_SCHEMA_VERSION, type Report } from "./report";
import { judgeSwitched } from "./switch";
import { watch } from "./watch";

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
  const met = `${passed} of ${config.receivers.length} expectations met for ${socketText(group, port)}`;
  if (complete) return `${met} over ${blocks.length} s`;
  const causes = config.receivers.flatMap((receiver) => obstacle(situation, receiver)?.text ?? []);
  const why = causes[0] ?? "not every receiver heard what it must for long enough";
  return `${met}, but there were no ${config.windowSeconds} s to judge within ${config.deadlineSeconds} s: ${why}`;
}
