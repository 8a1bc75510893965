/** Checks in a cluster that is none: their objects, and verdict pods that write reports. */
import type { Manifest } from "../../cli/kubernetes/objects";
import type { DeclaredCheck } from "../../cli/terraform/declared";
import { REPORT_KEY } from "../../probe/report";
import { FakeCluster, type OnRun } from "./kubernetes/fake-cluster";
import { streamReport } from "./report/recorded";

const labels = (component: string, check: string) => ({
  "app.kubernetes.io/name": "multicast-check",
  "app.kubernetes.io/component": component,
  "app.kubernetes.io/instance": check,
});

const reportObject = (checkName: string, namespace: string): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: `${checkName}-report`, namespace, labels: labels("report", checkName) },
});

/** The pod that judges. */
export const verdictPod = (checkName: string, namespace: string): Manifest => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `${checkName}-verdict`, namespace, labels: labels("verdict", checkName) },
  spec: {},
});

/** A check as the stacks declare it. */
export const declare = (checkName: string, namespace = "media"): DeclaredCheck => ({
  checkName,
  namespace,
  verdictPod: `${checkName}-verdict`,
  reportObject: reportObject(checkName, namespace),
  timeoutSeconds: 60,
});

const checkOf = ({ metadata: { labels: all = {}, namespace = "" } }: Manifest) => ({
  check: all["app.kubernetes.io/instance"]!,
  namespace,
});

/** Puts a text where a check's report is. */
export function store(cluster: FakeCluster, name: string, namespace: string, text: string | undefined): void {
  const object = cluster.find(reportObject(name, namespace))!;
  (object as { data?: unknown }).data = text === undefined ? undefined : { [REPORT_KEY]: text };
}

/** A report of a check that passed. */
export const healthy = streamReport("healthy");

/** As the probe does: writes the report with the UID of its own pod. */
export const writes =
  (changed: (report: Record<string, unknown>) => unknown = (report) => report): OnRun =>
  (pod, cluster) => {
    const { check, namespace } = checkOf(pod);
    const report = { ...healthy, check, namespace, runId: pod.metadata.uid };
    store(cluster, check, namespace, JSON.stringify(changed(report)));
    return "succeeded";
  };

/** A cluster with these checks as a deploy leaves them. */
export function clusterWith(checks: readonly DeclaredCheck[], onRun: OnRun = writes()): FakeCluster {
  const cluster = new FakeCluster(onRun);
  for (const { checkName, namespace } of checks) {
    cluster.add(reportObject(checkName, namespace));
    writes()(cluster.add(verdictPod(checkName, namespace)), cluster);
  }
  return cluster;
}
