import { waitUntil } from "../../embedded/system/waiting";
import type { DeclaredLab, DeclaredPod, DeclaredRelease, ResourcePlace } from "../terraform/declared";
import { differences } from "./differences";
import type { Kubectl } from "./kubectl";
import {
  listed,
  listOf,
  NETWORKS_ANNOTATION,
  objectTitle,
  parseObjects,
  sameObject,
  UNKNOWN_KIND,
  type LiveObject,
  type Manifest,
} from "./objects";
import { fetchPods, isVerdict, type PodObject } from "./verdicts";

/** Something in the cluster that is not as the stacks declare it. */
export interface Drift {
  /** `NetworkAttachmentDefinition media/plane: spec.config is empty instead of "{…}"`. */
  readonly text: string;
  /** What Terraform must make again once it is put right. */
  readonly remake: readonly ResourcePlace[];
  /** What kubectl must put in; nothing where making it again is enough. */
  readonly putIn?: PutIn;
  /** Whether Terraform's plan sees it too, and thus puts it right by itself. */
  readonly isPlanned?: boolean;
}

interface PutIn {
  readonly object: Manifest;
  readonly how: "create" | "replace";
}

/** What Multus and its like read; what others write beside it is not ours to judge. */
const NETWORK_ANNOTATIONS = "k8s.v1.cni.cncf.io/";
const ESTABLISHED_SECONDS = 30;

/**
 * Compares the cluster with what the stacks declare and Terraform's plan does not look at: the objects of the Helm releases, of
 * which it reads the record only, and the annotations of pods, which it is told to leave to others.
 */
export async function findDrift(kubectl: Kubectl, declared: DeclaredLab): Promise<Drift[]> {
  const [objects, pods] = await Promise.all([objectDrift(kubectl, declared.releases), fetchPods(kubectl)]);
  return [...objects, ...declared.pods.flatMap((pod) => podDrift(pod, pods))];
}

/** Puts the objects right; what used them must be made again after it. */
export async function putRight(kubectl: Kubectl, drift: readonly Drift[]): Promise<void> {
  const all = drift.flatMap(({ putIn }) => putIn ?? []);
  const kinds = all.filter(({ object }) => object.kind === "CustomResourceDefinition");
  for (const each of kinds) await put(kubectl, each);
  if (kinds.length > 0) {
    const names = kinds.map(({ object }) => `crd/${object.metadata.name}`);
    await kubectl.text(["wait", ...names, "--for=condition=Established", `--timeout=${ESTABLISHED_SECONDS}s`]);
  }
  for (const each of all.filter((one) => !kinds.includes(one))) await put(kubectl, each);
}

/** Says no while the cluster does not know the kind that was made a moment ago, or still deletes the object. */
const NOT_YET = new RegExp(`${UNKNOWN_KIND.source}|object is being deleted`);
async function put(kubectl: Kubectl, { object, how }: PutIn): Promise<void> {
  const args = [how, "--filename=-", "--field-manager=multicast-lab"];
  const isDone = (error: Error): boolean => {
    if (NOT_YET.test(error.message)) return false;
    throw error;
  };
  await waitUntil(() => kubectl.text(args, { input: JSON.stringify(object) }).then(() => true, isDone), {
    what: `${objectTitle(object)} can be made`,
    timeoutMilliseconds: 20_000,
    intervalMilliseconds: 500,
  });
}

async function objectDrift(kubectl: Kubectl, releases: readonly DeclaredRelease[]): Promise<Drift[]> {
  const wanted = releases.flatMap(({ objects, ...release }) =>
    objects.map((object) => ({ object: ofHelm(object, release), release })),
  );
  const [records, found] = await Promise.all([
    fetchRecords(kubectl),
    listed(
      kubectl,
      wanted.map(({ object }) => object),
    ),
  ]);
  const live = found.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const replacements = wanted.flatMap(({ object }) => {
    const standing = sameObject(live, object);
    return standing === undefined ? [] : [replacing(standing, object)];
  });
  const completed = await withDefaults(kubectl, replacements);
  return wanted.flatMap(({ object, release }): Drift[] => {
    // Without its record Terraform installs the release again.
    const isPlanned = !records.has(`${release.namespace}/${release.name}`);
    const common = { remake: release.usedBy, isPlanned };
    const [standing, expected] = [sameObject(live, object), sameObject(completed, object)];
    if (standing === undefined || expected === undefined) {
      const state = sameObject(found, object) === undefined ? "is gone" : "is being deleted";
      return [{ ...common, text: `${objectTitle(object)} ${state}`, putIn: { object, how: "create" } }];
    }
    const different = differences(compared(expected), compared(standing));
    if (different.length === 0) return [];
    const text = `${objectTitle(object)} is not as it was deployed: ${different.join("; ")}`;
    return [{ ...common, text, putIn: { object: replacing(standing, object), how: "replace" } }];
  });
}

/** `NAMESPACE/NAME` of each release that Helm has a record of (https://helm.sh/docs/topics/advanced/#storage-backends). */
async function fetchRecords(kubectl: Kubectl): Promise<ReadonlySet<string>> {
  const columns = '{range .items[*]}{.metadata.namespace}/{.metadata.labels.name}{"\\n"}{end}';
  const args = ["get", "secrets", "--all-namespaces", "--selector=owner=helm", `--output=jsonpath=${columns}`];
  return new Set((await kubectl.text(args)).split("\n"));
}

/** As Helm puts it in: with its own marks, by which it knows it again (https://helm.sh/docs/topics/charts/#helm-specific-labels). */
function ofHelm(object: Manifest, { name, namespace }: Omit<DeclaredRelease, "objects">): Manifest {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, "app.kubernetes.io/managed-by": "Helm" },
      annotations: { ...annotations, "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace },
    },
  };
}

/** The object as it must be, in the place of the one that is there; labels and annotations of others stay. */
function replacing({ metadata }: LiveObject, object: Manifest): Manifest {
  const { finalizers, ownerReferences, labels, annotations = {} } = metadata;
  const others = Object.entries(annotations).filter(([key]) => !key.startsWith(NETWORK_ANNOTATIONS));
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...{ finalizers, ownerReferences },
      labels: { ...labels, ...object.metadata.labels },
      annotations: { ...Object.fromEntries(others), ...object.metadata.annotations },
    },
  };
}

/** What the API server would make of the objects, with its defaults; nothing is changed. */
async function withDefaults(kubectl: Kubectl, objects: readonly Manifest[]): Promise<LiveObject[]> {
  if (objects.length === 0) return [];
  const args = ["replace", "--filename=-", "--dry-run=server", "--output=json"];
  return parseObjects(await kubectl.text(args, { input: listOf(objects) }));
}

/** What a comparison is about: not what the API server counts and notes. */
function compared({ apiVersion: _apiVersion, kind: _kind, status: _status, metadata, ...rest }: LiveObject): unknown {
  const { labels, annotations } = metadata;
  return { ...rest, metadata: { labels, annotations } };
}

function podDrift(declared: DeclaredPod, pods: readonly PodObject[]): Drift[] {
  const pod = named(declared, pods);
  const title = `Pod ${declared.namespace}/${declared.name}`;
  if (pod === undefined) return [{ text: `${title} is gone`, remake: [], isPlanned: true }];
  const { annotations = {} } = pod.metadata;
  const keys = [...new Set([...Object.keys(declared.annotations), NETWORKS_ANNOTATION])];
  const of = (all: Readonly<Record<string, string>>) => Object.fromEntries(keys.map((key) => [key, all[key]]));
  const different = differences(of(declared.annotations), of(annotations), "metadata.annotations");
  const all = [...different, ...ending(pod)];
  if (all.length === 0) return [];
  const text = `${title} is not as it was deployed: ${all.join("; ")}`;
  return [{ text, remake: [{ directory: declared.directory, address: declared.address }] }];
}

/** A pod that was evicted, for instance, stays as it is; a verdict pod that has failed has done its work. */
function ending(pod: PodObject): string[] {
  if (pod.status?.phase !== "Failed" || isVerdict(pod)) return [];
  return [`it has ended${pod.status.reason === undefined ? "" : ` (${pod.status.reason})`}`];
}

function named({ namespace, name }: DeclaredPod, pods: readonly PodObject[]): PodObject | undefined {
  return pods.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
}
