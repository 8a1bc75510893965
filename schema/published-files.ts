import { publishedSchema } from "./json-schema";
import { referencePage } from "./reference";

/** The published files by their paths below the root: the schema, and the page with all keys. */
export function publishedFiles(): Readonly<Record<string, string>> {
  const schema = publishedSchema();
  return {
    "schema/lab-config.schema.json": `${JSON.stringify(schema, undefined, 2)}\n`,
    "docs/configuration-keys.md": referencePage(schema),
  };
}
