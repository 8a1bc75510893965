import { visible, visibleIn } from "./visible";
import type { ReportTarget } from "./config";
import type { KubeApi } from "./kube-api";
import { REPORT_KEY, SUMMARY_KEY, type PodReport, type Report, type SignedReport } from "./report";

/** The pod that the verdict runs in, by the downward API. */
export interface OwnPod {
  readonly name: string;
  readonly uid: string;
}

/** hashicorp/kubernetes 2.38.0 prints at most three warnings of a pod that fails (kubernetes/event_helpers.go). */
const MAX_EVENTS = 3;
/** Limit of an Event's message (pkg/apis/core/validation/events.go). */
const MAX_MESSAGE = 1024;

/** Reads the pod that this process runs in from its environment. */
export function ownPod(environment: NodeJS.ProcessEnv): OwnPod {
  const { POD_NAME: name, POD_UID: uid } = environment;
  if (!name || !uid) throw new Error("POD_NAME and POD_UID must be set by the downward API");
  return { name, uid };
}

/** The report, with the run that it is of. Nothing that came from elsewhere stands in it unseen. */
export function signed(report: Report, { uid }: OwnPod): SignedReport {
  return { ...visibleIn(report), runId: uid };
}

/** Stores the report, and warns on the own pod of what failed, so that the deploy's error names it. */
export async function publish(api: KubeApi, target: ReportTarget, own: OwnPod, report: SignedReport): Promise<void> {
  for (const message of failureMessages(report)) await warn(api, target, own, message);
  const path = `/api/v1/namespaces/${target.namespace}/configmaps/${target.configMap}`;
  await api.json("PATCH", path, { data: { [REPORT_KEY]: JSON.stringify(report), [SUMMARY_KEY]: report.summary } });
}

/** One message for each failed receiver, the last of them for all that remain. */
export function failureMessages(report: Report): string[] {
  if (report.verdict === "passed") return [];
  const each = report.receivers
    .filter(({ verdict }) => verdict !== "passed")
    .sort((a, b) => a.expectation.localeCompare(b.expectation))
    .map((receiver) => `receiver ${receiver.name} (${placeText(receiver)}) ${receiver.reason}`);
  const messages = (each.length === 0 ? [report.summary] : each).map(visible);
  const rest = messages.length - MAX_EVENTS;
  const shown = messages.slice(0, MAX_EVENTS).map((text) => text.slice(0, MAX_MESSAGE - 40));
  if (rest > 0) shown[MAX_EVENTS - 1] += ` (and ${rest} more, see ConfigMap)`;
  return shown;
}

function placeText({ node = "unknown", namespace, external }: PodReport): string {
  if (external) return `external host ${node}`;
  return namespace === undefined ? `node ${node}` : `namespace ${namespace}, node ${node}`;
}

async function warn(api: KubeApi, target: ReportTarget, own: OwnPod, message: string): Promise<void> {
  const now = new Date().toISOString();
  const involvedObject = { apiVersion: "v1", kind: "Pod", namespace: target.namespace, ...own };
  await api.json("POST", `/api/v1/namespaces/${target.namespace}/events`, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { generateName: `${own.name}.`, namespace: target.namespace },
    involvedObject,
    type: "Warning",
    reason: "MulticastCheckFailed",
    message,
    source: { component: "multicast-lab" },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
