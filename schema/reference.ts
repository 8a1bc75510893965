import type { JsonSchema } from "./json-schema";

/** The page with a table of the keys of each mapping, made from the published schema. */
export function referencePage(schema: JsonSchema): string {
  const labs = schema.oneOf ?? [];
  const common = keysOfAll(labs);
  const parts = [
    "# Keys of a configuration file",
    "Made from the published schema by `npm run schema`; the [guide](configuration.md) says how to use a file.",
    "## Every file",
    table(labs[0], (key) => common.includes(key) && key !== "lab", [
      ["lab", labs.map((lab) => code(nameOf(lab))).join(", "), "yes", "The ready stack."],
    ]),
    ...labs.flatMap((lab) => [
      `## lab: ${nameOf(lab)}`,
      sentence(lab.properties?.lab?.description ?? ""),
      table(lab, (key) => !common.includes(key)),
    ]),
    ...Object.entries(schema.definitions ?? {}).flatMap(([name, each]) => [`## ${name}`, table(each, () => true)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Keys that each lab has with the same meaning. */
function keysOfAll(labs: readonly JsonSchema[]): string[] {
  const [first, ...others] = labs;
  return Object.entries(first?.properties ?? {})
    .filter(([key, value]) =>
      others.every(({ properties = {} }) => properties[key]?.description === value.description || key === "lab"),
    )
    .map(([key]) => key);
}

function nameOf(lab: JsonSchema): string {
  return lab.properties?.lab?.const ?? "";
}

type Row = readonly [key: string, value: string, needed: string, meaning: string];

function table(schema: JsonSchema | undefined, wanted: (key: string) => boolean, first: readonly Row[] = []): string {
  const rows = Object.entries(schema?.properties ?? {})
    .filter(([key]) => wanted(key))
    .map(([key, value]): Row => [key, kindOf(value), isNeeded(schema, key), value.description ?? ""]);
  const cells = [...first, ...rows].map(([key, ...others]) => [code(key), ...others]);
  const lines = [["key", "value", "must", "meaning"], ["---", "---", "---", "---"], ...cells];
  return lines.map((line) => `| ${line.map((cell) => cell.replace(/(?<!\\)\|/g, "\\|")).join(" | ")} |`).join("\n");
}

function isNeeded(schema: JsonSchema | undefined, key: string): string {
  return schema?.required?.includes(key) ? "yes" : "";
}

/** What a key may hold, in few words. */
function kindOf(schema: JsonSchema): string {
  const [only, ...others] = schema.allOf ?? schema.anyOf ?? [];
  if (only) return [only, ...others].map(kindOf).join(" or ");
  if (schema.$ref) return linkTo(schema.$ref.replace("#/definitions/", ""));
  if (schema.enum) return schema.enum.map(code).join(", ");
  return mappingOf(schema) ?? listOf(schema) ?? wordFor(schema.type);
}

function mappingOf({ properties, additionalProperties }: JsonSchema): string | undefined {
  if (properties) return `one of ${Object.entries(properties).map(wayOf).join(", ")}`;
  return typeof additionalProperties === "object" ? `names, each with ${kindOf(additionalProperties)}` : undefined;
}

function listOf({ items }: JsonSchema): string | undefined {
  return items && `list of ${(items instanceof Array ? items : [items]).map(kindOf).join(", ")}`;
}

function wordFor(type = "any"): string {
  return { string: "text", integer: "whole number", boolean: "true, false" }[type] ?? type;
}

function wayOf([key, value]: readonly [string, JsonSchema]): string {
  return `${code(key)}: ${kindOf(value)}`;
}

function linkTo(definition: string): string {
  return `[${definition}](#${definition.toLowerCase()})`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
