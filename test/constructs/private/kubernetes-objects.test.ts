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

test("every text arrives byte for byte, through Terraform and YAML", () => {
  expect(carried({ texts: hostileTexts })).toEqual({ texts: hostileTexts });
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

test("fails if a text holds a token, which escaping would break", () => {
  expect(() => literalText(Token.asString({ later: true }))).toThrow("not a Terraform token");
});
