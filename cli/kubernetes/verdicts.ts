import { randomBytes } from "node:crypto";
import { parseReport, REPORT_KEY } from "../../probe/report";
import type { CheckResult } from "../report";
import type { Kubectl } from "./kubectl";

/** Labels of the library's checks (constructs/verification/pod-spec.ts). */
const CHECK = "app.kubernetes.io/name=multicast-check";
const COMPONENT = "app.kubernetes.io/component";
/** Marks the copies that `./lab verify` makes, so that a copy is never copied. */
const COPY_LABEL = "multicast-lab/verify-copy";
/** What Multus and OVN-Kubernetes gave a pod; a copy gets its own, and with another's addresses it would never start. */
const STATUS_ANNOTATIONS = [
  "k8s.v1.cni.cncf.io/network-status",
  "k8s.v1.cni.cncf.io/networks-status",
  "k8s.ovn.org/pod-networks",
];

/** Longest life of a verdict here; the verdict has a shorter deadline of its own. */
const DEADLINE_SECONDS = 1200;

interface ConfigMap {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

/** The part of a Pod object that a copy is made from. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What every check in the cluster found; one that has not judged is without a report. */
export async function fetchResults(kubectl: Kubectl): Promise<CheckResult[]> {
  const selector = `--selector=${CHECK},${COMPONENT}=report`;
  const { items } = await kubectl.json<{ items: ConfigMap[] }>(["get", "configmaps", "--all-namespaces", selector]);
  return items
    .map(({ metadata, data }) => ({
      checkName: metadata.labels?.["app.kubernetes.io/instance"] ?? metadata.name,
      namespace: metadata.namespace,
      report: data?.[REPORT_KEY] === undefined ? undefined : parseReport(data[REPORT_KEY]),
    }))
    .sort((left, right) => left.checkName.localeCompare(right.checkName));
}

/** Every verdict pod that the deploy made. */
export async function verdictPods(kubectl: Kubectl): Promise<PodObject[]> {
  const selector = `--selector=${CHECK},${COMPONENT}=verdict,!${COPY_LABEL}`;
  return (await kubectl.json<{ items: PodObject[] }>(["get", "pods", "--all-namespaces", selector])).items;
}

/** A pod that judges the same again, under a name of its own: what the API server and Multus have added is left out. */
export function copyOf(pod: PodObject, suffix: string): PodObject & { apiVersion: string; kind: string } {
  const spec = Object.fromEntries(Object.entries(pod.spec).filter(([key]) => key !== "nodeName"));
  const annotations = Object.entries(pod.metadata.annotations ?? {}).filter(
    ([key]) => !STATUS_ANNOTATIONS.includes(key),
  );
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${pod.metadata.name.slice(0, 63 - suffix.length - 1)}-${suffix}`,
      namespace: pod.metadata.namespace,
      labels: { ...pod.metadata.labels, [COPY_LABEL]: "true" },
      annotations: Object.fromEntries(annotations),
    },
    spec: withoutTokenVolumes(spec),
  };
}

/** The admission plugin adds a token volume and its mounts, which it refuses to see in a new pod of the same account. */
function withoutTokenVolumes(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(spec, (_key, value: unknown) =>
      Array.isArray(value)
        ? value.filter((entry) => !/^kube-api-access-/.test((entry as { name?: string } | null)?.name ?? ""))
        : value,
    ),
  ) as Record<string, unknown>;
}

/**
 * The results without the reports that were there before: a verdict that ends without a report of its own has judged nothing,
 * whatever an earlier one found.
 */
export function judgedSince(before: readonly CheckResult[], now: readonly CheckResult[]): CheckResult[] {
  return now.map((result) => {
    const { checkName, namespace, report } = result;
    const earlier = before.find((each) => each.checkName === checkName && each.namespace === namespace)?.report;
    return report !== undefined && report.times.judgedAt === earlier?.times.judgedAt
      ? { checkName, namespace }
      : result;
  });
}

/** Removes the copies of a verify that was killed: one that still runs would have the address of the next. */
export async function removeCopies(kubectl: Kubectl): Promise<void> {
  await kubectl.text(["delete", "pods", "--all-namespaces", `--selector=${COPY_LABEL}`]);
}

/** Runs a copy of a verdict pod to its end; the report's ConfigMap then holds what it found, or the old report where it was removed. */
export async function judgeAgain(kubectl: Kubectl, pod: PodObject): Promise<void> {
  const copy = copyOf(pod, `again-${randomBytes(3).toString("hex")}`);
  const { name, namespace } = copy.metadata;
  await kubectl.text(["create", "--filename=-"], { input: JSON.stringify(copy) });
  try {
    await kubectl.waitForEnd(namespace, name, DEADLINE_SECONDS);
  } finally {
    await kubectl.text(["delete", "pod", name, "--namespace", namespace, "--wait=false", "--ignore-not-found"]);
  }
}
