import * as path from "node:path";
import { parse } from "yaml";
import type { Sample } from "./sample";
import { TerraformStack } from "../../constructs/private/terraform";
import { ValidationError, type Fault } from "../../constructs/private/validate";
import { newStack, stored, synthStack } from "../helpers/synth";
import type { Leaf } from "../helpers/string-fields";

/** What became of a text: a fault named its field, or it stands byte for byte in what Terraform hands on. */
export type Outcome = "refused" | "arrived" | "not in the JSON" | `refused as ${string}`;

/** What becomes of the sample with another text in one place. @throws Error where Terraform or a shell would evaluate a part of it. */
export function outcomeOf({ build, value }: Sample, leaf: Leaf, text: string): Outcome {
  const stack = newStack();
  let built: unknown;
  try {
    built = build(stack, changed(value, leaf, text) as never);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const isNamed = error.details.some((fault) => names(fault, leaf.field, text));
    return isNamed ? "refused" : `refused as ${error.message}`;
  }
  const { json } = synthStack(built instanceof TerraformStack ? built : stack);
  checkCommands(json);
  // Programs of Terraform run in another directory: paths are made absolute.
  const asGiven = [text, path.resolve(text)];
  const arrived = textsIn(handedOn(json));
  return arrived.some((each) => asGiven.some((one) => each === one || (one.length > 3 && each.includes(one))))
    ? "arrived"
    : "not in the JSON";
}

/** The sample with another text in one place. */
export function changed(
  value: unknown,
  { at: [key, ...at], isKey }: Pick<Leaf, "at" | "isKey">,
  text: string,
): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value)) return [changed(value[0], { at, isKey }, text), ...(value as unknown[]).slice(1)];
  const entries = Object.entries(value as object).map(([each, member]: [string, unknown]) => {
    if (each !== key) return [each, member] as const;
    return isKey && at.length === 0
      ? ([text, member] as const)
      : ([each, changed(member, { at, isKey }, text)] as const);
  });
  return Object.fromEntries(entries);
}

/** Whether a fault says where and what: the construct's path, and the field or the value that the user wrote. */
function names({ construct, field, got }: Fault, leaf: string, text: string): boolean {
  const [name] = /\w+(?=\)?$)/.exec(leaf) ?? [];
  return construct !== "" && (field.includes(name ?? leaf) || JSON.stringify(got ?? null).includes(quoted(text)));
}

/** A text as it stands inside another in JSON. */
function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

interface LocalExec {
  readonly command: string;
  readonly interpreter: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A machine outside gets it by its step's environment alone (docs/adr/0023-identity-of-a-deployment.md). */
const keyOfDeployment = /^\$\{nonsensitive\(terraform_data\.[\w-]+\.triggers_replace\.key\)\}$/;

/** A shell sees fixed words alone; whatever a user wrote comes by the environment, from the resource itself. */
function checkCommands(json: unknown): void {
  for (const { command, interpreter, environment = {} } of objectsAt(json, "local-exec") as LocalExec[]) {
    const words = [command, ...interpreter];
    const strange = words.find((word) => !/^[A-Za-z0-9./_-]+$/.test(word) || word.includes(".."));
    const spliced = Object.values(environment).find(
      (each) => !/^\$\{self\.(id|(input|output)\.\w+)\}$/.test(each) && !keyOfDeployment.test(each),
    );
    if (strange ?? spliced) throw new Error(`a shell would see ${JSON.stringify(strange ?? spliced)}`);
  }
}

function objectsAt(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([each, member]) => (each === key ? [member] : objectsAt(member, key)));
}

/** Every text of what Terraform gets, those inside JSON and YAML opened too. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value, ...textsInside(value)];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
}

function textsInside(text: string): string[] {
  if (!/^[[{"]|^[\w".-]+:(\s|$)/.test(text)) return [];
  try {
    return textsIn(parse(text, { version: "1.1", logLevel: "error" }));
  } catch {
    return [];
  }
}

/** Expressions of the library's own, which Terraform is meant to evaluate. */
const expressions = [
  /^\$\{(each\.value|self|terraform_data|data|kubernetes_\w+|helm_release)\.[^{}]*\}$/,
  /^\$\{sensitive\(file\("\.\/assets\/[\w./-]+"\)\)\}$/,
  /^\$\{sensitive\(uuid\(\)\)\}$/,
  /^\$\{fileexists\(join\("\/", \[each\.value\.input\.LAB_STATE_DIRECTORY, "kubeconfig"[^{}]*\}$/,
  keyOfDeployment,
];

/** What of a deployment's identity stands behind a name. */
const ofIdentity = [
  /\$\{substr\(sha256\(terraform_data\.[\w-]+\.id\), 0, 8\)\}$/,
  /\$\{nonsensitive\(substr\(sha256\("hostname:\$\{terraform_data\.[\w-]+\.triggers_replace\.key\}"\), 0, 10\)\)\}$/,
];

/** A user's path inside a function, as JSON has it. */
const fileOf = /^\$\{join\("\\n", regexall\("[^"$%]+", file\(("(?:[^"]|\\")+")\)\)\)\}$/;

/** CDKTF's paths, and what Terraform compares; those texts have rules of their own (test/constructs/openshift). */
const ownKeys = ["//", "postcondition", "precondition"];

/** As Terraform hands the texts on. */
function handedOn(value: unknown): unknown {
  if (typeof value === "string") {
    const [, file] = fileOf.exec(value) ?? [];
    if (file !== undefined) return stored(JSON.parse(file) as string);
    if (expressions.some((each) => each.test(value))) return value;
    return stored(ofIdentity.reduce((text, each) => text.replace(each, ""), value));
  }
  if (Array.isArray(value)) return value.map(handedOn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, ownKeys.includes(key) ? "" : handedOn(member)]),
  );
}
