import { readFileSync } from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { parse } from "yaml";
import { publishedFiles } from "../../schema/published-files";
import { root, sourceFiles } from "../helpers/source-files";
import { changed, config } from "../stacks/config/files";

const published = JSON.parse(
  readFileSync(path.join(root, "schema/lab-config.schema.json"), "utf8"),
) as z.core.JSONSchema.JSONSchema;
const reader = z.fromJSONSchema(published);

/** Whether a reader of JSON Schema, as editors have one, takes the value. */
function accepts(value: unknown): boolean {
  return reader.safeParse(value).success;
}

test("the published schema and the page of its keys are those of the sources; `npm run schema` writes them", () => {
  const differing = Object.entries(publishedFiles()).filter(
    ([file, text]) => readFileSync(path.join(root, file), "utf8") !== text,
  );
  expect(differing.map(([file]) => file)).toEqual([]);
}, 120_000);

test("every key is described", () => {
  const bare: string[] = [];
  const visit = (value: unknown, where: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { properties = {} } = value as { properties?: Record<string, { description?: string }> };
    for (const [key, property] of Object.entries(properties)) if (!property.description) bare.push(`${where}/${key}`);
    for (const [key, child] of Object.entries(value)) visit(child, `${where}/${key}`);
  };
  visit(published, "");
  expect(bare).toEqual([]);
});

const examples = sourceFiles("examples", [".yaml", ".json"]);

test.each(examples)("%s is accepted, and names the schema for editors", (file) => {
  const text = readFileSync(path.join(root, file), "utf8");
  expect(accepts(parse(text, { merge: true }))).toBe(true);
  expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/lab-config\.schema\.json\n/);
});

test.each<[string, (string | number)[], unknown]>([
  ["an unknown lab", ["lab"], "labb"],
  ["an unknown key", ["clutser"], {}],
  ["an unknown key inside", ["range", "rangestart"], "10.20.0.50"],
  ["a number for a text", ["master"], 1],
  ["two kinds of cluster", ["cluster", "existing"], { kubeconfigPath: "a", nodes: [] }],
  ["no cluster", ["cluster"], {}],
  ["a word that is none of those", ["cluster", "k3s", "flannelBackend"], "ipsec"],
])("%s is refused", (_, where, value) => {
  expect(accepts(config())).toBe(true);
  expect(accepts(changed(config(), where, value))).toBe(false);
});
