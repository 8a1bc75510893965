import type { CheckedReceiver, Expectation, SwitchConfig, VerdictConfig } from "./config";
import type { KubeApi } from "./kube-api";
import type { Report } from "./report";

/** What is set, and what must come of it while sender and receivers go on. */
interface Phase {
  readonly name: string;
  readonly isOn: boolean;
  readonly expect: Expectation;
}

/** It begins and ends with what the namespace has by itself, so that a run that was killed is made good by the next one. */
const PHASES: readonly Phase[] = [
  { name: "before", isOn: false, expect: "silent" },
  { name: "on", isOn: true, expect: "heard" },
  { name: "off", isOn: false, expect: "silent" },
  { name: "on-again", isOn: true, expect: "heard" },
];

/** Judges one stream while multicast is switched on, off and on again in its namespace; the first phase that fails is the last. */
export async function judgeSwitched(
  config: VerdictConfig,
  { annotation, value, seconds }: SwitchConfig,
  api: Pick<KubeApi, "json">,
  judge: (config: VerdictConfig) => Promise<Report>,
): Promise<Report> {
  const path = `/api/v1/namespaces/${config.report.namespace}`;
  const set = (wanted: string | null) =>
    api.json("PATCH", path, { metadata: { annotations: { [annotation]: wanted } } });
  const reports: Report[] = [];
  try {
    for (const { name, isOn, expect } of PHASES) {
      await set(isOn ? value : null);
      const report = await untilPassed(() => judge(expecting(config, expect)), seconds);
      reports.push(named(report, name));
      if (report.verdict === "failed") break;
    }
  } finally {
    await set(null);
  }
  return merged(config, reports);
}

/** Nobody joins anew, and no event tells when the network has asked for members: it is judged until it is as it must be. */
async function untilPassed(judge: () => Promise<Report>, seconds: number): Promise<Report> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    // A window that began before the time was over may hold blocks from before the change.
    const isLast = performance.now() >= until;
    const report = await judge();
    if (report.verdict === "passed" || isLast) return report;
  }
}

function expecting(config: VerdictConfig, expect: Expectation): VerdictConfig {
  const told = ({ proof, ...receiver }: CheckedReceiver): CheckedReceiver => ({
    ...receiver,
    expect,
    ...(expect === "silent" && { proof }),
  });
  return { ...config, receivers: config.receivers.map(told) };
}

function named(report: Report, phase: string): Report {
  const receivers = report.receivers.map((receiver) => ({ ...receiver, name: `${receiver.name}-${phase}` }));
  return { ...report, receivers, summary: `${phase}: ${report.summary}` };
}

/** One report of all phases: what the last says, with the receivers of all. */
function merged(config: VerdictConfig, reports: readonly Report[]): Report {
  const [first, last] = [reports[0], reports.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`${config.report.check} has no phase`);
  const receivers = reports.flatMap((report) => report.receivers);
  const met = receivers.filter(({ verdict }) => verdict === "passed").length;
  const all = PHASES.length * config.receivers.length;
  const judgedSeconds = reports.reduce((sum, { times }) => sum + times.judgedSeconds, 0);
  return {
    ...last,
    summary: `${met} of ${all} expectations met while multicast was switched; ${last.summary}`,
    receivers,
    times: { ...last.times, startedAt: first.times.startedAt, judgedSeconds },
  };
}
