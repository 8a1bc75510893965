import type { z } from "zod";
import type { Violation } from "../../constructs/private/validate";
import type { ConfigDocument } from "./document";
import { pathText, shown, suggestion, type ConfigFault, type ConfigPath } from "./faults";

type Issue = z.core.$ZodIssue;

const kindNames: Readonly<Record<string, string>> = {
  object: "a mapping",
  array: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  record: "a mapping",
};

/** Error map for the parse: an unknown key's issue carries the known ones, which only its schema knows. */
export const knownKeys: z.core.$ZodErrorMap = (issue) =>
  issue.code === "unrecognized_keys"
    ? Object.keys((issue.inst as z.ZodObject | undefined)?.def.shape ?? {}).join(",")
    : undefined;

/** What the schema has against a document, in words that name path, value, what is allowed, and where it stands. */
export function faultsOf(document: ConfigDocument, issues: readonly Issue[]): ConfigFault[] {
  return issues.flatMap((issue) => faultsOfIssue(document, issue, issue.path as ConfigPath));
}

function faultsOfIssue(document: ConfigDocument, issue: Issue, path: ConfigPath): ConfigFault[] {
  if (issue.code === "unrecognized_keys") return unknownKeys(document, issue, path);
  if (issue.code === "invalid_union" && issue.errors.length > 0 && !kindsOf(issue)) {
    const inner = bestBranch(issue.errors);
    return inner.flatMap((each) => faultsOfIssue(document, each, [...path, ...(each.path as ConfigPath)]));
  }
  const value = valueAt(document.value, path);
  const where = path.length === 0 ? "the file" : pathText(path);
  const wanted = `${where} must ${mustOf(issue)}`;
  const message =
    value === undefined
      ? `${where} is missing; it must ${mustOf(issue)}`
      : `${wanted}, ${gotOf(document, issue, path, value)}`;
  return [{ position: document.positionOf(path), message }];
}

/** Of the ways to write a value, the one that the user has most likely meant: with the fewest faults. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const weight = (issues: readonly Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
  return [...branches].sort((one, other) => weight(one) - weight(other))[0] ?? [];
}

function unknownKeys(document: ConfigDocument, issue: Issue & { code: "unrecognized_keys" }, path: ConfigPath) {
  const known = issue.message.split(",");
  return issue.keys.map((key): ConfigFault => {
    const place = path.length === 0 ? "" : ` in ${pathText(path)}`;
    return {
      position: document.positionOfKey(path, key),
      message: `unknown key ${shown(key)}${place}${suggestion(key, known)} Known: ${known.join(", ")}`,
    };
  });
}

/** The kinds of value that would do, where the value's kind is what is wrong. */
function kindsOf(issue: Issue): readonly string[] | undefined {
  if (issue.code === "invalid_type") return [kindNames[issue.expected] ?? issue.expected];
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return undefined;
  const branches = issue.errors.map(([first, ...others]) =>
    first && others.length === 0 && first.path.length === 0 ? kindsOf(first) : undefined,
  );
  return branches.every((branch) => branch !== undefined) ? [...new Set(branches.flat())] : undefined;
}

function mustOf(issue: Issue): string {
  const kinds = kindsOf(issue);
  if (kinds) return `be ${kinds.join(" or ")}`;
  if (issue.code === "custom") return violationOf(issue).must;
  const allowed = allowedBy(issue);
  if (allowed) return `be ${allowed.length > 1 ? "one of " : ""}${allowed.map((word) => shown(word)).join(", ")}`;
  return `be right: ${issue.message}`;
}

function allowedBy(issue: Issue): readonly unknown[] | undefined {
  if (issue.code === "invalid_value") return issue.values;
  // Of a discriminator.
  if (issue.code === "invalid_union") return (issue as { options?: readonly unknown[] }).options;
  return undefined;
}

function gotOf(document: ConfigDocument, issue: Issue, path: ConfigPath, value: unknown): string {
  const got = `got ${value === null ? "nothing" : shown(value, path.at(-1))}`;
  if (issue.code === "custom") return `${got}; use ${violationOf(issue).use}`;
  const allowed = allowedBy(issue);
  if (allowed) return got + (typeof value === "string" ? suggestion(value, allowed.map(String)) : "");
  if (value === null) return `${got}; write one, or leave the key out`;
  if (!kindsOf(issue)?.includes("a text") || typeof value === "object") return got;
  const source = document.sourceOf(path) ?? String(value);
  return `got the ${typeof value} ${source}; write it in quotes: "${source}"`;
}

function violationOf(issue: Issue): Violation {
  return (issue as { params?: unknown }).params as Violation;
}

function valueAt(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (parent, part) =>
      typeof parent === "object" && parent !== null && Object.hasOwn(parent, part)
        ? (parent as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );
}
