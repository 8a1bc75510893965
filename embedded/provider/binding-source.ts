import * as fs from "node:fs";
import * as path from "node:path";

/** One entry of a `*ToHclTerraform` table: what may be set, and how it nests. */
export interface TableEntry {
  readonly name: string;
  readonly isBlock: boolean;
  /** `simple`, `list`, `set`, `map` or `struct`. */
  readonly type: string;
  readonly storage: string;
  /** The TypeScript expression that makes the value; names the nested struct. */
  readonly value: string;
}

/** One attribute of a class, as its comment and getter say. */
export interface Member {
  readonly name: string;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** The source between this comment and the next. */
  readonly body: string;
}

/**
 * The TypeScript source of one binding. The published JavaScript has lost the comments that tell computed from optional,
 * but its inline source maps carry the source.
 */
export function readBindingSource(directory: string): string {
  const files = fs
    .readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .sort();
  return files.map((file) => sourceOf(path.join(directory, file))).join("\n");
}

function sourceOf(file: string): string {
  const map = /sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)/.exec(fs.readFileSync(file, "utf8"));
  const encoded = map?.[1];
  if (encoded === undefined) throw new Error(`${file} has no inline source map; were the bindings built differently?`);
  const { sourcesContent } = JSON.parse(Buffer.from(encoded, "base64").toString("utf8")) as {
    sourcesContent?: string[];
  };
  if (sourcesContent === undefined) throw new Error(`${file}: its source map carries no source`);
  return sourcesContent.join("\n");
}

/** All tables of a source, by struct name; the resource's or provider's own is under the empty name. */
export function parseTables(source: string): Map<string, TableEntry[]> {
  const tables = new Map<string, TableEntry[]>();
  const starts = /(?:export function (\w+)ToHclTerraform\(|synthesizeHclAttributes\(\))/g;
  for (const match of source.matchAll(starts)) {
    const end = source.indexOf("// remove undefined attributes", match.index);
    tables.set(match[1] ?? "", parseEntries(source.slice(match.index, end)));
  }
  return tables;
}

function parseEntries(body: string): TableEntry[] {
  const entry = /(\w+): \{\s+value: (.+),\s+isBlock: (true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",/g;
  return [...body.matchAll(entry)].map(([, name = "", value = "", isBlock, type = "", storage = ""]) => ({
    name,
    value,
    isBlock: isBlock === "true",
    type,
    storage,
  }));
}

/** The members of every class of a source, by class name. */
export function parseClasses(source: string): Map<string, Member[]> {
  const classes = new Map<string, Member[]>();
  for (const part of source.split(/^export class /m).slice(1)) {
    const name = /^\w+/.exec(part)?.[0] ?? "";
    classes.set(name, parseMembers(part));
  }
  return classes;
}

function parseMembers(body: string): Member[] {
  const comment = /^ {2}\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)$/gm;
  const found = [...body.matchAll(comment)];
  return found.map((match, index) => ({
    name: match[1] ?? "",
    computed: match[2] === "true",
    optional: match[3] === "true",
    required: match[4] === "true",
    body: body.slice(match.index, found[index + 1]?.index),
  }));
}

/** The names of the required properties of every interface of a source, by interface name. */
export function parseRequiredProperties(source: string): Map<string, Set<string>> {
  const interfaces = new Map<string, Set<string>>();
  for (const match of source.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)) {
    const required = [...(match[2] ?? "").matchAll(/^ {2}readonly (\w+): /gm)].map((property) => property[1] ?? "");
    interfaces.set(match[1] ?? "", new Set(required));
  }
  return interfaces;
}
