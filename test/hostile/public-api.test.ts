/**
 * Every text that the public API takes, found by the type checker, against texts that something on the way could take for more than
 * text: each is refused by a fault that names construct and field, or arrives byte for byte in what Terraform hands on, and neither
 * Terraform nor a shell evaluates any of it. The whole list of such texts is held against networks and namespaces in
 * test/constructs/hostile-text.test.ts.
 */
import { checkSamples } from "./check-samples";
import { clusterSamples } from "./cluster-samples";
import { namespaceSamples, networkSamples } from "./network-samples";
import { openshiftSamples } from "./openshift-samples";
import { outcomeOf } from "./outcome";
import { pod, sample } from "./sample";
import { stackSamples } from "./stack-samples";
import { DataResource } from "../../constructs/private/terraform";
import { newStack } from "../helpers/synth";
import { PublicApi } from "../helpers/string-fields";

const samples = [
  ...networkSamples,
  ...namespaceSamples,
  ...clusterSamples,
  ...checkSamples,
  ...openshiftSamples,
  ...stackSamples,
];
const api = new PublicApi();
const rows = samples.flatMap((each) => api.leavesOf(each.type, each.value).map((leaf) => ({ sample: each, leaf })));

/** One of each kind: Terraform's templates, Helm's, YAML's, a shell's, a terminal's, a path's, and what Unicode may change. */
const texts = [
  'a${aws.x} $$${aws.x} %{if true} {{ .Values }} "quoted" \\ 日本語',
  "line\nbreak",
  "0777",
  "",
  " ",
  "$(touch x)",
  "'; touch x; '",
  "--help",
  "../../etc/passwd",
  "\u0000",
  "\u001b[31mred",
  "\ufeffbom",
  "e\u0301",
  "${aws.x}",
  "%{if true}",
  "key: value",
  "__proto__",
  "x".repeat(5000),
];

/** Names that are only held against other fields, and stand in no resource. */
const neverCarried = [
  "ClusterNetwork.interfaces",
  "ClusterNode.name",
  "ExistingClusterAttributes.managementInterfaces",
  "OpenShiftClusterAttributes.managementInterfaces",
  "OpenShiftClusterProps.managementInterfaces",
];

/** What is no text of a user: names for messages and look-ups, and what networks that were checked hand to their Multus. */
const ofTheLibrary = /\((field|node)\)$|^Definition\.|^VerificationPodProps\.keySecret$/;

test.each(samples.map((each) => [each.type, each] as const))(
  "the sample of %s is accepted",
  (_type, { build, value }) => {
    expect(() => build(newStack(), value as never)).not.toThrow();
  },
);

test("every text of the public API has a row, and there are 200 or more", () => {
  const covered = new Set(rows.map(({ leaf }) => leaf.field));
  const missing = api.stringFields().filter((field) => !covered.has(field) && !ofTheLibrary.test(field));
  expect(missing).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(200);
});

test.each(rows.map((row) => [`${row.leaf.field}${row.leaf.isKey ? " key" : ""} of ${row.sample.type}`, row] as const))(
  "%s refuses a hostile text or hands it on",
  (_field, row) => {
    const outcomes = texts.map((text) => ({ text, outcome: outcomeOf(row.sample, row.leaf, text) }));
    const right = ["refused", "arrived", ...(neverCarried.includes(row.leaf.field) ? ["not in the JSON"] : [])];
    expect(outcomes.filter(({ outcome }) => !right.includes(outcome))).toEqual([]);
  },
);

test("the table sees what a careless construct does to a text", () => {
  const leaf = { field: "Careless.text", at: [], isKey: false };
  const outcome = (build: Parameters<typeof sample<string>>[2], text: string) =>
    outcomeOf(sample("Careless", "", build), leaf, text);
  const provisioner = (command: string) => ({ type: "local-exec" as const, command, interpreter: ["bash", "-c"] });
  expect(() => outcome((stack, text) => pod(stack).addOverride("spec.text", text), "a${aws.x}")).toThrow("evaluate");
  expect(() =>
    outcome((stack, text) => new DataResource(stack, "A", { provisioners: [provisioner(text)] }), "$(touch x)"),
  ).toThrow("a shell would see");
  expect(outcome((stack, text) => pod(stack).addOverride("spec.text", text), "e\u0301")).toBe("not in the JSON");
  expect(outcome(pod, "lost")).toBe("not in the JSON");
});
