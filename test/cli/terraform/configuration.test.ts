import { terraformConfiguration } from "../../../cli/terraform/configuration";

test("providers of the mirror are asked for nowhere else", () => {
  const text = terraformConfiguration("/labs/a b/mirror", ["kubernetes", "helm"], []);
  expect(text).toContain('path = "/labs/a b/mirror"');
  expect(text).toContain('include = ["hashicorp/kubernetes","hashicorp/helm"]');
  expect(text).not.toContain("direct");
});

test("providers from upstream come from the registry alone", () => {
  const text = terraformConfiguration("/mirror", [], ["kubernetes", "helm"]);
  expect(text).not.toContain("filesystem_mirror");
  expect(text).toMatch(/direct \{\s+include = \["hashicorp\/kubernetes","hashicorp\/helm"\]/);
});
