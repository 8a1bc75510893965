import type { PodV1SpecAffinity } from "./kubernetes";

const HOSTNAME = "kubernetes.io/hostname";

/**
 * Binds a pod to the node of a name, and there, where labels are given, behind a pod with those. By the name of the Node object as the
 * DaemonSet controller does it: the label `kubernetes.io/hostname` may be another text
 * (https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#how-daemon-pods-are-scheduled). Not by `spec.nodeName`, with
 * which nothing waits for room.
 */
export function boundTo(
  node: string | undefined,
  beside?: Readonly<Record<string, string>>,
): PodV1SpecAffinity | undefined {
  if (node === undefined && beside === undefined) return undefined;
  const matchFields = node === undefined ? [] : [{ key: "metadata.name", operator: "In", values: [node] }];
  return {
    nodeAffinity: node === undefined ? undefined : required({ nodeSelectorTerm: [{ matchFields }] }),
    podAffinity: beside && required([{ topologyKey: HOSTNAME, labelSelector: [{ matchLabels: { ...beside } }] }]),
  };
}

/** The user's affinity, and the node of a name besides; each of the user's terms keeps to it, since one of them is enough. */
export function alsoBoundTo(node: string, own: PodV1SpecAffinity | undefined): PodV1SpecAffinity {
  const preferred = own?.nodeAffinity;
  const terms = preferred?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerm;
  const field = { key: "metadata.name", operator: "In", values: [node] };
  const bound = (Array.isArray(terms) && terms.length > 0 ? terms : [{}]).map((term) => ({
    ...term,
    matchFields: [...(Array.isArray(term.matchFields) ? term.matchFields : []), field],
  }));
  return { ...own, nodeAffinity: { ...preferred, ...required({ nodeSelectorTerm: bound }) } };
}

function required<T>(requiredDuringSchedulingIgnoredDuringExecution: T) {
  return { requiredDuringSchedulingIgnoredDuringExecution };
}
