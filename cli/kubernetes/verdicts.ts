import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Kubectl } from "./kubectl";
import { CHECK_NAME, COMPONENT, NAME } from "./labels";

/** Marks the copies that `./lab verify` makes, so that a copy is never copied. */
const COPY_LABEL = "multicast-lab/verify-copy";
/** What Multus and OVN-Kubernetes gave a pod; a copy gets its own, and with another's addresses it would never start. */
const STATUS_ANNOTATIONS = [
  "k8s.v1.cni.cncf.io/network-status",
  "k8s.v1.cni.cncf.io/networks-status",
  "k8s.ovn.org/pod-networks",
];

/** The parts of a Pod object that are looked at here. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly state?: {
    readonly running?: object;
    readonly terminated?: { readonly exitCode: number; readonly message?: string };
  };
}

/** Every pod of the cluster. */
export async function fetchPods(kubectl: Kubectl): Promise<PodObject[]> {
  return (await kubectl.json<{ items: PodObject[] }>(["get", "pods", "--all-namespaces"])).items;
}

/** Whether a pod is a verdict pod, and no copy of one. */
export function isVerdict(pod: PodObject): boolean {
  const { labels = {} } = pod.metadata;
  return labels[NAME] === CHECK_NAME && labels[COMPONENT] === "verdict" && !isCopy(pod);
}

/** Whether {@link judgeAgain} made a pod. */
export function isCopy({ metadata: { labels = {} } }: PodObject): boolean {
  return labels[COPY_LABEL] !== undefined;
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

/** Removes the copies of a verify that was killed: one that still runs would have the address of the next. */
export async function removeCopies(kubectl: Kubectl): Promise<void> {
  await kubectl.text(["delete", "pods", "--all-namespaces", `--selector=${COPY_LABEL}`]);
}

/** A judgement that ended, with a report or without. */
export interface JudgementRun {
  /** UID of the pod that judged, which its report says too. */
  readonly runId: string;
  /** How the pod ended where it did not judge in favour. */
  readonly lastWords?: string;
}

/** How long a judgement may take. */
export interface Patience {
  /** Until a container of the pod runs; a pod whose network is broken never starts. */
  readonly startSeconds: Promise<number>;
  /** Until the pod has ended. */
  readonly timeoutSeconds: number;
}

/**
 * Runs a copy of a verdict pod to its end; the report's ConfigMap then holds what it found.
 *
 * @throws Error when the pod cannot be made, does not start, or has not ended in time.
 */
export async function judgeAgain(kubectl: Kubectl, pod: PodObject, patience: Patience): Promise<JudgementRun> {
  const copy = copyOf(pod, `again-${randomBytes(3).toString("hex")}`);
  const { name, namespace } = copy.metadata;
  const created = await kubectl.text(["create", "--filename=-", "--output=json"], { input: JSON.stringify(copy) });
  const runId = (JSON.parse(created) as PodObject).metadata.uid ?? "";
  const over = new AbortController();
  try {
    const givenUp = notStarted(kubectl, copy, patience, over.signal);
    // It rejects too once the pod has ended, when nothing waits for it.
    givenUp.catch(() => undefined);
    const end = await kubectl.waitForEnd(namespace, name, patience.timeoutSeconds, givenUp);
    if (end === "succeeded") return { runId };
    return {
      runId,
      lastWords: end === "gone" ? "the pod was deleted while it judged" : await lastWords(kubectl, copy),
    };
  } finally {
    over.abort();
    await kubectl.text(["delete", "pod", name, "--namespace", namespace, "--wait=false", "--ignore-not-found"]);
  }
}

/** Rejects when no container of a pod has started in time; else never ends. */
async function notStarted(
  kubectl: Kubectl,
  { metadata }: PodObject,
  { startSeconds }: Patience,
  signal: AbortSignal,
): Promise<never> {
  const seconds = await startSeconds;
  await delay(seconds * 1000, undefined, { signal });
  const { name, namespace } = metadata;
  const { status } = await kubectl.json<PodObject>(["get", "pod", name, "--namespace", namespace]);
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  if (all.some(({ state }) => state?.running ?? state?.terminated)) return new Promise(() => undefined);
  const why = await lastWarning(kubectl, metadata);
  throw new Error(`its verdict pod did not start in ${seconds} s${why === undefined ? "" : `: ${why}`}`);
}

async function lastWarning(kubectl: Kubectl, { name, namespace }: PodObject["metadata"]): Promise<string | undefined> {
  const fields = `--field-selector=type=Warning,involvedObject.name=${name}`;
  const args = ["get", "events", "--namespace", namespace, fields, "--sort-by=.lastTimestamp"];
  const { items } = await kubectl.json<{ items: { readonly message?: string }[] }>(args);
  return items.at(-1)?.message;
}

/** The exit code and, as the kubelet keeps it, the end of the log. */
async function lastWords(kubectl: Kubectl, { metadata }: PodObject): Promise<string | undefined> {
  const args = ["get", "pod", metadata.name, "--namespace", metadata.namespace];
  const { status } = await kubectl.json<PodObject>(args);
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const ended = all.map(({ state }) => state?.terminated).find((each) => each !== undefined && each.exitCode !== 0);
  if (ended === undefined) return status?.reason;
  return [`exit code ${ended.exitCode}`, ended.message?.trim().split("\n").at(-1)].filter(Boolean).join(": ");
}
