import type { Kubectl } from "./kubectl";

/** One Kubernetes object as its manifest says. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

/** The annotation by which Multus attaches a pod. */
export const NETWORKS_ANNOTATION = "k8s.v1.cni.cncf.io/networks";

/** An object as the API server has it. */
export interface LiveObject extends Manifest {
  readonly metadata: Manifest["metadata"] & {
    readonly uid?: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly unknown[];
  };
}

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** `media/plane`; the name alone where there is no namespace. */
export function inNamespace({ metadata: { namespace, name } }: Named): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** `NetworkAttachmentDefinition media/plane`. */
export function objectTitle(object: Manifest): string {
  return `${object.kind} ${inNamespace(object)}`;
}

/** The one of the objects that has the kind and the name of another. */
export function sameObject<T extends Manifest>(objects: readonly T[], { kind, metadata }: Manifest): T | undefined {
  return objects.find((each) => each.kind === kind && inNamespace(each) === inNamespace({ metadata }));
}

/** What kubectl says of a kind that the cluster does not know. */
export const UNKNOWN_KIND =
  /no matches for kind|the server doesn't have a resource type|could not find the requested resource/;

/** Those of the objects that are in the cluster; of a kind that it does not know there are none. */
export async function listed(kubectl: Kubectl, objects: readonly Manifest[]): Promise<LiveObject[]> {
  const kindOf = ({ apiVersion, kind }: Manifest): string => `${apiVersion} ${kind}`;
  const found = [...new Set(objects.map(kindOf))].map(async (kind) => {
    const items = objects.filter((each) => kindOf(each) === kind);
    const args = ["get", "--filename=-", "--ignore-not-found", "--output=json"];
    const text = await kubectl.text(args, { input: listOf(items) }).catch((error: Error) => {
      if (UNKNOWN_KIND.test(error.message)) return "";
      throw error;
    });
    return parseObjects(text);
  });
  return (await Promise.all(found)).flat();
}

/** The input that kubectl takes several objects by. */
export function listOf(items: readonly Manifest[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

/** The objects in kubectl's output: a list, one object, or objects one after another. */
export function parseObjects(text: string): LiveObject[] {
  const documents = text.split(/\n(?=\{)/).filter((each) => each.trim() !== "");
  return documents.flatMap((document) => itemsOf(JSON.parse(document) as LiveObject));
}

function itemsOf(value: LiveObject): LiveObject[] {
  return value.kind === "List" ? (value.items as LiveObject[]) : [value];
}
