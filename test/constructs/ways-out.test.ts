/** What a construct makes can be reached and changed: its resource is a public property, and a CNI configuration has an override. */
import { checkSamples } from "../hostile/check-samples";
import { clusterSamples } from "../hostile/cluster-samples";
import { namespaceSamples, networkSamples } from "../hostile/network-samples";
import { openshiftSamples } from "../hostile/openshift-samples";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as library from "../../constructs";
import { Construct, TerraformElement, TerraformResource, type IConstruct } from "../../constructs/private/terraform";
import { sample } from "../hostile/sample";
import { root } from "../helpers/source-files";
import { newStack } from "../helpers/synth";
import { TestCluster, TestNamespace } from "../helpers/test-cluster";

type ConstructClass = abstract new (...args: never[]) => Construct;

const classes = Object.entries(library as Readonly<Record<string, unknown>>).flatMap(([name, each]) => {
  const isConstruct = typeof each === "function" && each.prototype instanceof Construct;
  return isConstruct ? [[name, each as unknown as ConstructClass] as const] : [];
});

/** What the operator of an OpenShift makes has no props with texts, and so no sample. */
const operator = sample("NetworkOperatorProps", {}, (stack) => {
  const cluster = new TestCluster(stack, "Cluster", "openshift");
  const multus = new library.NetworkOperator(stack, "Operator", { cluster });
  const namespace = new TestNamespace(stack, cluster);
  return new library.MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam: library.Ipam.none() });
});

const samples = [...checkSamples, ...clusterSamples, ...networkSamples, ...namespaceSamples, ...openshiftSamples];

/** One of each exported construct, by the samples of the table of hostile texts. */
const built = [...samples, operator].flatMap(({ build, value }) => {
  const stack = newStack();
  build(stack, value as never);
  return stack.node.findAll();
});

function resourcesIn(construct: IConstruct): IConstruct[] {
  return construct.node.findAll().filter((child) => child instanceof TerraformResource);
}

function instanceOf(construct: ConstructClass): IConstruct {
  const made = built.filter((each) => each instanceof construct);
  const found = made.find((each) => resourcesIn(each).length > 0) ?? made[0];
  if (!found) throw new Error(`no sample makes a ${construct.name}`);
  return found;
}

const report = readFileSync(path.join(root, "api/multicast-lab.api.md"), "utf8");

/** Names of the properties of a class that are public, by the API report; its own, not those that it inherits. */
function publicNames(className: string): string[] | undefined {
  const [, body] = new RegExp(`^export (?:abstract )?class ${className}\\b[^]*?{\\n([^]*?)^}`, "m").exec(report) ?? [];
  return body === undefined ? undefined : [...body.matchAll(/^ {4}(?:readonly |get )(\w+)/gm)].map(([, name]) => name!);
}

/** Of a class of the public API its public properties, of anything else all. */
function openNames(object: object): string[] {
  const listed: string[][] = [];
  for (let each = object; each !== null; each = Object.getPrototypeOf(each) as object)
    listed.push(publicNames((each.constructor as { name?: string } | undefined)?.name ?? "") ?? []);
  const names = listed.some((each) => each.length > 0) ? listed.flat() : Object.keys(object);
  return names.filter((name) => !["node", "ready", "cluster"].includes(name));
}

/** Terraform's elements that a user's code reaches from an object by its properties; what must be waited for is no way to change it. */
function reached(object: object, depth = 3): TerraformElement[] {
  if (object instanceof TerraformElement) return [object];
  if (depth === 0) return [];
  const members = openNames(object).map((name) => (object as Record<string, unknown>)[name]);
  return members.flatMap((member) => (typeof member === "object" && member !== null ? reached(member, depth - 1) : []));
}

test.each(classes)("%s gives its resource", (_name, construct) => {
  const made = instanceOf(construct);
  const own = resourcesIn(made);
  const given = reached(made).filter((each) => own.includes(each));
  expect(given.length > 0).toBe(own.length > 0);
});

test("every construct that makes a CNI configuration takes overrides", () => {
  const makers = classes.filter(([name]) => /(Network|NetworkAttachmentDefinition)$/.test(name));
  expect(makers.map(([name]) => name).sort()).toEqual([
    "AttachedNetwork",
    "BridgeNetwork",
    "IpvlanNetwork",
    "MacvlanNetwork",
    "NetworkAttachmentDefinition",
  ]);
  const without = makers.filter(([, { prototype }]) => !("addCniOverride" in (prototype as object)));
  expect(without.map(([name]) => name)).toEqual([]);
});
