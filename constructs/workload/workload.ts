import type { DaemonSetV1, DeploymentV1, PodV1, PodV1SpecAffinity, StatefulSetV1 } from "../private/kubernetes";
import { alsoBoundTo } from "../private/node-placement";

/** A workload that the user wrote with provider-kubernetes. */
export type Workload = DaemonSetV1 | DeploymentV1 | PodV1 | StatefulSetV1;

/** Annotations that others than Terraform write on a pod: Multus' result under its new and its old name, and OVN-Kubernetes' own. */
const writtenByOthers = [
  "k8s.v1.cni.cncf.io/network-status",
  "k8s.v1.cni.cncf.io/networks-status",
  "k8s.ovn.org/pod-networks",
];

const joined = new WeakSet<Workload>();

/** Whether the workload was set up for one way already. */
export function hasJoined(workload: Workload): boolean {
  return joined.has(workload);
}

/** Notes that the workload is set up for one way. */
export function markJoined(workload: Workload): void {
  joined.add(workload);
}

/** Whether the workload is one pod and makes none from a template. */
export function isPod(workload: Workload): workload is PodV1 {
  return workload.terraformResourceType === "kubernetes_pod_v1";
}

/** How many pods the workload makes; undefined where that depends on the cluster. */
export function podsOf(workload: Workload): number | undefined {
  if (isPod(workload)) return 1;
  if (workload.terraformResourceType === "kubernetes_daemon_set_v1") return undefined;
  const { replicasInput } = (workload as DeploymentV1 | StatefulSetV1).spec;
  // The provider's own default.
  if (replicasInput === undefined) return 1;
  return /^[0-9]+$/.test(replicasInput) ? Number(replicasInput) : undefined;
}

/** Whether the workload starts a new pod before it ends the old one, which is a Deployment's way unless told otherwise. */
export function overlapsItself(workload: Workload): boolean {
  if (workload.terraformResourceType !== "kubernetes_deployment_v1") return false;
  return (workload as DeploymentV1).spec.strategy.typeInput !== "Recreate";
}

/** The annotations that the user gave the pods. */
export function podAnnotations(workload: Workload): Readonly<Record<string, string>> {
  const metadata = isPod(workload) ? workload.metadata : workload.spec.template.metadata;
  return metadata.annotationsInput ?? {};
}

/** The nodes' labels that the user binds the pods by. */
export function nodeSelector(workload: Workload): Readonly<Record<string, string>> {
  return podSpec(workload).nodeSelectorInput ?? {};
}

/** Whether the user puts the pods on their node's own network. */
export function isOnHostNetwork(workload: Workload): boolean {
  return podSpec(workload).hostNetworkInput === true;
}

function podSpec(workload: Workload) {
  return isPod(workload) ? workload.spec : workload.spec.template.spec;
}

/** Adds annotations to those of the pods, once; the texts as Terraform reads them. */
export function annotatePods(workload: Workload, annotations: Readonly<Record<string, string>>): void {
  const path = isPod(workload) ? "metadata.annotations" : "spec.template.metadata.annotations";
  workload.addOverride(path, annotations);
}

/** Binds the pods to the node of a name, beside their own affinity. */
export function bindToNode(workload: Workload, node: string): void {
  const spec = podSpec(workload) as { affinityInput?: PodV1SpecAffinity; putAffinity(value: PodV1SpecAffinity): void };
  spec.putAffinity(alsoBoundTo(node, spec.affinityInput));
}

/** Sets values of the pods' spec, by the names of Terraform's JSON. */
export function setInPodSpec(workload: Workload, values: Readonly<Record<string, unknown>>): void {
  const path = isPod(workload) ? "spec" : "spec.template.spec";
  for (const [key, value] of Object.entries(values)) workload.addOverride(`${path}.${key}`, value);
}

/** Keeps a plan from taking away what others write on the pod; a template is written by Terraform alone. */
export function keepAnnotationsOfOthers(workload: Workload): void {
  const { ignoreChanges = [] } = workload.lifecycle ?? {};
  if (!isPod(workload) || ignoreChanges === "all") return;
  const kept = writtenByOthers.map((key) => `metadata[0].annotations["${key}"]`);
  workload.lifecycle = { ...workload.lifecycle, ignoreChanges: [...ignoreChanges, ...kept] };
}
