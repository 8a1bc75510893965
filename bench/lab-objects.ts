import type { Kubectl } from "../cli/kubernetes/kubectl";
import { parse } from "yaml";

/** Name of an object in the cluster. */
export interface ObjectName {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** An object as the API server gives it. */
export interface LiveObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The phases of a lab stack, in the order in which one needs the other. */
export const GROUPS = ["multus", "network", "pods", "verdict"] as const;
export type Group = (typeof GROUPS)[number];

/** The part of `terraform show -json` that is read here. */
export interface ShownState {
  readonly values: {
    readonly root_module: { readonly resources: readonly { readonly type: string; readonly values: ShownValues }[] };
  };
}

interface ShownValues {
  readonly metadata?: readonly { readonly name: string; readonly namespace?: string | null }[];
  /** Of a `helm_release`: YAML texts; ours hold the objects themselves (docs/adr/0003-custom-resources.md). */
  readonly values?: readonly string[];
}

/** Every Kubernetes object that a stack has made. */
export function objectsOf(state: ShownState): ObjectName[] {
  return state.values.root_module.resources.flatMap(({ type, values }) => {
    if (type === "helm_release") return (values.values ?? []).flatMap(objectsInValues);
    const [metadata] = values.metadata ?? [];
    if (!type.startsWith("kubernetes_") || metadata === undefined) return [];
    const kind = type.replace(/^kubernetes_|_v1$/g, "").replaceAll("_", "");
    return [{ kind, name: metadata.name, namespace: metadata.namespace ?? undefined }];
  });
}

function objectsInValues(text: string): ObjectName[] {
  const { objects } = parse(text) as { objects: readonly LiveObject[] };
  return objects.map(({ kind, metadata: { name, namespace } }) => ({ kind, name, namespace }));
}

/** Reads an object, as somebody would write it: without what the API server, its controllers and Multus have added. */
export async function readObject(kubectl: Kubectl, { kind, name, namespace }: ObjectName): Promise<LiveObject> {
  const where = namespace === undefined ? [] : ["--namespace", namespace];
  return asWritten(await kubectl.json<LiveObject>(["get", kind, name, ...where]));
}

const ADDED_METADATA = [
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "generation",
  "managedFields",
  "ownerReferences",
];
const ADDED_ANNOTATIONS = /^(k8s\.v1\.cni\.cncf\.io\/networks?-status|deprecated\.daemonset|meta\.helm\.sh\/)/;

function asWritten(object: LiveObject): LiveObject {
  const written = JSON.parse(JSON.stringify(object, withoutTokenVolumes)) as Record<string, Record<string, unknown>>;
  delete written.status;
  // A report is written by the verdict.
  if (object.metadata.labels?.["app.kubernetes.io/component"] === "report") delete written.data;
  delete written.spec?.nodeName;
  if (object.kind === "Namespace") delete written.spec;
  for (const field of ADDED_METADATA) delete written.metadata?.[field];
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => !ADDED_ANNOTATIONS.test(key));
  return {
    ...written,
    metadata: { ...written.metadata, annotations: Object.fromEntries(annotations) },
  } as unknown as LiveObject;
}

/** The admission plugin adds a volume to each pod, which it refuses to see in a new pod of the same account. */
function withoutTokenVolumes(_key: string, value: unknown): unknown {
  const isToken = (entry: { readonly name?: string } | null): boolean => /^kube-api-access-/.test(entry?.name ?? "");
  return Array.isArray(value) ? value.filter((entry) => !isToken(entry as { name?: string } | null)) : value;
}

/** The phase that an object belongs to. */
export function groupOf({ kind, metadata }: LiveObject): Group {
  if (kind === "NetworkAttachmentDefinition") return "network";
  if (kind !== "Pod") return "multus";
  return metadata.labels?.["app.kubernetes.io/component"] === "verdict" ? "verdict" : "pods";
}
