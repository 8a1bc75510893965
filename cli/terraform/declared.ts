import fs from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { CHECK_NAME, COMPONENT, INSTANCE, NAME } from "../kubernetes/labels";
import { type Manifest, NETWORKS_ANNOTATION } from "../kubernetes/objects";
import { synthesisedStacks } from "./stacks";

/** Where Terraform has a resource. */
export interface ResourcePlace {
  /** Directory of the synthesised stack. */
  readonly directory: string;
  /** `kubernetes_pod_v1.Sender`. */
  readonly address: string;
}

/** A check of a synthesised stack. */
export interface DeclaredCheck {
  readonly checkName: string;
  readonly namespace: string;
  /** Name of the Pod object that judges. */
  readonly verdictPod: string;
  /** The ConfigMap that takes its report, without data. */
  readonly reportObject: Manifest;
  /** What Terraform gives the pod at most to start and judge. */
  readonly timeoutSeconds: number;
}

/** A Pod object of a synthesised stack. */
export interface DeclaredPod extends ResourcePlace {
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A Helm release of the chart that prints the objects it is given. */
export interface DeclaredRelease extends ResourcePlace {
  readonly name: string;
  readonly namespace: string;
  readonly objects: readonly Manifest[];
  /** Pods and workloads with attached networks that are made after it. */
  readonly usedBy: readonly ResourcePlace[];
}

/** What the stacks of a lab say that must be in its cluster, as far as Terraform's plan does not look after it. */
export interface DeclaredLab {
  readonly checks: readonly DeclaredCheck[];
  readonly pods: readonly DeclaredPod[];
  readonly releases: readonly DeclaredRelease[];
}

/** Of a verdict pod that gives none. */
const USUAL_TIMEOUT_SECONDS = 1200;

const texts = z.record(z.string(), z.string()).default({});
const metadataShape = z.looseObject({
  name: z.string(),
  namespace: z.string().default("default"),
  labels: texts,
  annotations: texts,
});
const resourceShape = z.looseObject({
  depends_on: z.array(z.string()).default([]),
  metadata: metadataShape.optional().catch(undefined),
  timeouts: z
    .looseObject({ create: z.string().regex(/^\d+s$/) })
    .optional()
    .catch(undefined),
});
const stackFile = z.looseObject({ resource: z.record(z.string(), z.record(z.string(), resourceShape)).default({}) });
const releaseShape = z.looseObject({ name: z.string(), namespace: z.string(), values: z.array(z.string()).min(1) });
const objectsShape = z.object({
  objects: z.array(z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({}) })),
});
const templateShape = z.object({
  spec: z.object({ template: z.object({ metadata: z.object({ annotations: texts }) }) }),
});

interface Resource extends ResourcePlace, z.infer<typeof resourceShape> {
  readonly type: string;
}

/** Reads the synthesised stacks; without any there is nothing declared. */
export async function declaredLab(out: string): Promise<DeclaredLab> {
  const stacks = await synthesisedStacks(out);
  const resources = (await Promise.all(stacks.map(({ directory }) => resourcesOf(directory)))).flat();
  return {
    checks: resources.flatMap((resource) => checkOf(resource, resources)),
    pods: resources.flatMap(podOf),
    releases: resources.flatMap((resource) => releaseOf(resource, resources)),
  };
}

async function resourcesOf(directory: string): Promise<Resource[]> {
  const text = await fs.readFile(path.join(directory, "cdk.tf.json"), "utf8");
  const { resource } = stackFile.parse(JSON.parse(text, (_key, value: unknown) => plain(value)));
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, each]) => ({ ...each, directory, type, address: `${type}.${name}` })),
  );
}

/**
 * Text as Terraform reads it: `$${` is `${`. What holds an expression is left out, since only an apply knows its value
 * (https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping).
 */
function plain(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/(?<!\$)\$\{|(?<!%)%\{/.test(value)) return undefined;
  return value.replace(/\$\$\{|%%\{/g, (start) => start.slice(1));
}

/** A verdict pod, by the labels that constructs/verification/pod-spec.ts gives it. */
function checkOf({ type, metadata, directory, timeouts }: Resource, all: readonly Resource[]): DeclaredCheck[] {
  if (type !== "kubernetes_pod_v1" || !isPart(metadata, "verdict")) return [];
  const { name: verdictPod, namespace, labels } = metadata;
  const checkName = labels[INSTANCE] ?? verdictPod;
  const report = all.find(
    (each) =>
      each.type === "kubernetes_config_map_v1" &&
      each.directory === directory &&
      isPart(each.metadata, "report") &&
      each.metadata.namespace === namespace &&
      each.metadata.labels[INSTANCE] === checkName,
  );
  if (report?.metadata === undefined) throw new Error(`check ${namespace}/${checkName} has no report object`);
  const { name, labels: reportLabels } = report.metadata;
  const reportObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels: reportLabels } };
  const timeoutSeconds = timeouts === undefined ? USUAL_TIMEOUT_SECONDS : parseInt(timeouts.create, 10);
  return [{ checkName, namespace, verdictPod, reportObject, timeoutSeconds }];
}

function isPart(metadata: Resource["metadata"], component: string): metadata is NonNullable<Resource["metadata"]> {
  const { labels } = metadata ?? { labels: {} as Record<string, string> };
  return labels[NAME] === CHECK_NAME && labels[COMPONENT] === component;
}

function podOf({ type, metadata, directory, address }: Resource): DeclaredPod[] {
  if (type !== "kubernetes_pod_v1" || metadata === undefined) return [];
  const { name, namespace, annotations } = metadata;
  return [{ name, namespace, annotations, directory, address }];
}

function releaseOf(resource: Resource, all: readonly Resource[]): DeclaredRelease[] {
  if (resource.type !== "helm_release") return [];
  const { directory, address } = resource;
  const release = releaseShape.safeParse(resource).data;
  // A release of another chart has objects of its own making.
  const objects = objectsShape.safeParse(parse(release?.values[0] ?? "")).data?.objects;
  if (release === undefined || objects === undefined) return [];
  const { name, namespace } = release;
  const stack = all.filter((each) => each.directory === directory);
  const usedBy = stack.filter((each) => isAttached(each) && dependsOn(each, address, stack));
  return [
    { name, namespace, directory, address, objects: objects as unknown as Manifest[], usedBy: usedBy.map(place) },
  ];
}

function place({ directory, address }: Resource): ResourcePlace {
  return { directory, address };
}

function isAttached(resource: Resource): boolean {
  const template = templateShape.safeParse(resource).data?.spec.template.metadata;
  return [resource.metadata, template].some((metadata) => metadata?.annotations[NETWORKS_ANNOTATION] !== undefined);
}

function dependsOn(resource: Resource, address: string, all: readonly Resource[], seen = new Set<string>()): boolean {
  if (seen.has(resource.address)) return false;
  seen.add(resource.address);
  return resource.depends_on.some((each) => {
    const other = all.find((candidate) => candidate.address === each);
    return each === address || (other !== undefined && dependsOn(other, address, all, seen));
  });
}
