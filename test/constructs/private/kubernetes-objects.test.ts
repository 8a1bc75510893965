import { asciiJson } from "../../../constructs/private/carried-text";
import { KubernetesObjects } from "../../../constructs/private/kubernetes-objects";
import { literalText } from "../../../constructs/private/terraform-text";
import { Token } from "../../../constructs/private/terraform";
import { hostileTexts } from "../../helpers/hostile-texts";
import { newStack, stored, synthStack } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";

function carried(data: Record<string, unknown>) {
  const stack = newStack();
  new KubernetesObjects(stack, "Objects", {
    cluster: new TestCluster(stack),
    releaseName: "objects",
    namespaceName: "media",
    objects: [{ apiVersion: "v1", kind: "Anything", metadata: { name: "any" }, data }],
  });
  return synthStack(stack).objects("Anything")[0]!.data;
}

/** Helm's `toYaml` prints nothing for an object with one of these, or changes it. */
const lost = /[\u007f-\u009f\ufffe\uffff]/;

test("every text that Helm carries arrives byte for byte, through Terraform and YAML", () => {
  const texts = hostileTexts.filter((text) => !lost.test(text));
  expect(carried({ texts })).toEqual({ texts });
});

test.each(["\u007f", "\u0085", "a\u009b31m", "\uffff", "\ud800"])(
  "fails if a text is one that Helm loses: %j",
  (text) => {
    expect(() => carried({ text })).toThrow("a text that Helm's toYaml does not carry");
  },
);

test("JSON inside a text is ASCII, and the same value", () => {
  const json = asciiJson({ texts: hostileTexts, lone: "\ud800" });
  expect(json).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(json)).toEqual({ texts: hostileTexts, lone: "\ud800" });
});

test("what an object holds is read at synth", () => {
  let value = "before";
  const stack = newStack();
  const lazy = { toJSON: () => value };
  new KubernetesObjects(stack, "Objects", {
    cluster: new TestCluster(stack),
    releaseName: "objects",
    namespaceName: "media",
    objects: [{ apiVersion: "v1", kind: "Anything", metadata: { name: "any" }, lazy }],
  });
  value = "after";
  expect(synthStack(stack).objects("Anything")[0]).toMatchObject({ lazy: "after" });
});

test("two releases of a stack share one chart", () => {
  const stack = newStack();
  const cluster = new TestCluster(stack);
  for (const id of ["One", "Two"]) {
    new KubernetesObjects(stack, id, { cluster, releaseName: id, namespaceName: "media", objects: [] });
  }
  const charts = synthStack(stack)
    .all("helm_release")
    .map(({ chart }) => chart);
  expect(new Set(charts).size).toBe(1);
});

test.each(["${a}", "$${a}", "$$${a}", "%{if true}", "$", "$$", "${", "a${b}%{c}", "$%{", "{$"])(
  "%s is text",
  (text) => {
    expect(stored(literalText(text))).toBe(text);
  },
);

test("a token inside a text stays a reference", () => {
  const token = Token.asString({ later: true });
  expect(literalText(`${"${a}"} ${token} %{b}`)).toBe(`${"$${a}"} ${token} %%{b}`);
});
