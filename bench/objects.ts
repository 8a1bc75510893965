import { kubectlOf } from "../cli/measured";
import { runningLab } from "../cli/running-lab";

/** A Kubernetes object, as far as this needs to know it. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** The objects of the lab stack, in the order in which the stack needs them. */
export interface LabObjects {
  readonly multus: readonly KubernetesObject[];
  readonly network: readonly KubernetesObject[];
  readonly pods: readonly KubernetesObject[];
  readonly verdicts: readonly KubernetesObject[];
}

/** Runs kubectl on the lab's cluster. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** The kubectl that the lab itself uses: this machine need not have one of its own. */
export async function kubectlOn(labName: string): Promise<Kubectl> {
  const { lab, artifacts } = await runningLab(labName);
  const kubectl = kubectlOf(lab, artifacts);
  return (args, input) => kubectl.text(args, { input, timeoutMilliseconds: 10 * 60_000 });
}

const NAMESPACED =
  "serviceaccounts,roles,rolebindings,configmaps,secrets,daemonsets,pods,network-attachment-definitions";
const CLUSTER_WIDE = "clusterroles,clusterrolebindings,customresourcedefinitions";
const CRD = "network-attachment-definitions.k8s.cni.cncf.io";

/** Reads what the deploy has put into the cluster, as it would be written in manifests. */
export async function readObjects(kubectl: Kubectl): Promise<LabObjects> {
  const get = async (...args: string[]): Promise<KubernetesObject[]> =>
    (JSON.parse(await kubectl(["get", ...args, "--output=json"])) as { items: KubernetesObject[] }).items.map(manifest);
  const namespaces = (await get("namespaces")).filter(({ metadata }) => ["multus", "media"].includes(metadata.name));
  const wide = (await get(CLUSTER_WIDE)).filter(({ metadata }) => metadata.name === "multus" || metadata.name === CRD);
  const own = [...(await get(NAMESPACED, "--namespace=multus")), ...(await get(NAMESPACED, "--namespace=media"))];
  const objects = own.filter((object) => !isMadeByCluster(object));
  const isPodOf = (namespace: string, object: KubernetesObject): boolean =>
    object.kind === "Pod" && object.metadata.namespace === namespace;
  const network = objects.filter(({ kind }) => kind === "NetworkAttachmentDefinition");
  const pods = objects.filter((object) => isPodOf("media", object) && !isVerdict(object));
  const verdicts = objects.filter((object) => isPodOf("media", object) && isVerdict(object));
  const rest = objects.filter((object) => ![...network, ...pods, ...verdicts].includes(object));
  return { multus: [...namespaces, ...wide, ...rest], network, pods, verdicts };
}

function isVerdict({ metadata }: KubernetesObject): boolean {
  const labels = (metadata.labels ?? {}) as Record<string, string>;
  return labels["app.kubernetes.io/component"] === "verdict";
}

function isMadeByCluster({ kind, metadata, type }: KubernetesObject): boolean {
  return (
    type === "helm.sh/release.v1" ||
    metadata.ownerReferences !== undefined ||
    (kind === "ServiceAccount" && metadata.name === "default") ||
    (kind === "ConfigMap" && metadata.name === "kube-root-ca.crt")
  );
}

/** Without what the API server and Multus have added. */
function manifest({ status: _, ...object }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations, ownerReferences } = object.metadata as Record<string, unknown>;
  const kept = Object.entries((annotations ?? {}) as Record<string, string>).filter(([key]) => !/status$/.test(key));
  const metadata = {
    name: name as string,
    namespace: namespace as string,
    labels,
    ownerReferences,
    annotations: Object.fromEntries(kept),
  };
  const text = JSON.stringify({ ...object, metadata }, (key, value: unknown) => {
    if (key === "nodeName" || (key === "secrets" && object.kind === "ServiceAccount")) return undefined;
    return Array.isArray(value) ? value.filter((entry) => !isTokenVolume(entry)) : value;
  });
  return JSON.parse(text) as KubernetesObject;
}

function isTokenVolume(entry: unknown): boolean {
  return /^kube-api-access-/.test((entry as { name?: string } | null)?.name ?? "");
}
