import { readFileSync } from "node:fs";
import * as path from "node:path";
import { attempt, firstNonJson, isObject, shownValue, UNREADABLE } from "./foreign-value";
import { Token, Tokenization, type IConstruct } from "./terraform";
import { mayBeToken } from "./token-fields";
import { ValidationError, type Faults, type Violation } from "./validate";

/** A type as `npm run api` reads it off the sources (package/shapes.ts): a word, or one of these. */
type Shape =
  | string
  | { readonly optional: Shape }
  | { readonly list: Shape }
  | { readonly record: Shape }
  | { readonly ref: string }
  | { readonly instance: string }
  | { readonly of: readonly Shape[] };

/** What has fields. */
type Named = Extract<Shape, { readonly ref: string } | { readonly instance: string } | { readonly record: Shape }>;

/** A type that shapes name. */
interface Definition {
  /** Fields of an object that is written as a literal. */
  readonly fields?: Readonly<Record<string, Shape>>;
  /** What its other fields are; those that are not known here are let through where undefined. */
  readonly rest?: Shape;
  /** Members that an object of the library is told by. */
  readonly has?: readonly string[];
}

const file = path.join(__dirname, "assets/shapes.json");
const shapes = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, Shape & Definition>>;

/** What a value is called whose fields are named without it. */
const WHOLE = "props";

/** How many faults are told; a list of a million wrong elements would only hide the first. */
const ENOUGH = 20;

/** What a value is in words, and what to write. */
const words: Readonly<Record<string, Violation>> = {
  text: { must: "be a text", use: "a text in quotes" },
  number: { must: "be a number", use: "a number without quotes" },
  boolean: { must: "be true or false", use: "true or false without quotes" },
  function: { must: "be a function", use: "a function" },
  object: { must: "be an object", use: "an object" },
  list: { must: "be a list", use: "a list, in square brackets" },
};

const makers: Readonly<Record<string, string>> = {
  Attachment: "Attachment.of(network)",
  DefaultNetwork: "DefaultNetwork.of(namespace)",
  ICluster: "a K3sCluster, or ExistingCluster.fromKubeconfig",
  IMultus: "a Multus, or Multus.fromCluster",
  INamespace: "a MulticastNamespace, or MulticastNamespace.fromNamespaceName",
  INetwork: "a MacvlanNetwork or another network",
  INetworkAttachmentDefinition: "a MacvlanNetwork or another network",
  Ipam: "Ipam.hostLocal, or another Ipam",
  MulticastGroup: "MulticastGroup.of(address, { port })",
  MulticastWay: "MulticastWay.attached, or another way",
  NodeNetworkState: "NodeNetworkState.vlan, or another state",
  SshHost: "SshHost.of(address, options)",
};

/** A value of a wrong type, or one that must be known at synth and is not. */
export interface ShapeFault extends Violation {
  readonly field: string;
  readonly got: unknown;
}

/**
 * Holds what a caller hands over against its type, before any rule looks at it: JavaScript, and TypeScript by `any`, let everything
 * through. Terraform tokens are refused wherever token-fields.ts does not name the field.
 *
 * @param scope the construct, or the name of the function
 * @param name of the type: an interface, or `Class.method(parameter)`
 * @param field of the whole value, where it is no object with fields of its own
 * @throws ValidationError with all faults.
 */
export function checkShape(scope: IConstruct | string, name: string, value: unknown, field = ""): void {
  const construct = typeof scope === "string" ? scope : scope.node.path;
  const faults = shapeFaults(name, value, field);
  if (faults.length > 0) throw new ValidationError(faults.map((fault) => ({ construct, ...fault })));
}

/** The faults of {@link checkShape}, for a value that a construct reports later. */
export function shapeFaults(name: string, value: unknown, field = ""): readonly ShapeFault[] {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`no shape of ${name}: run npm run api`);
  const check = new ShapeCheck();
  check.value(typeof shape === "object" && "fields" in shape ? { ref: name } : shape, value, field, field || name);
  return check.faults;
}

/** Adds the faults of a value that a construct takes as `field`. */
export function addShapeFaults(faults: Faults, field: string, found: readonly ShapeFault[]): void {
  for (const { field: own, got, ...violation } of found)
    faults.add(own === WHOLE ? field : `${field}.${own}`, got, violation);
}

class ShapeCheck {
  public readonly faults: ShapeFault[] = [];
  private readonly above: unknown[] = [];

  /** @param owner names the field in token-fields.ts */
  public value(shape: Shape, value: unknown, field: string, owner: string): void {
    if (this.faults.length >= ENOUGH) return;
    if (typeof shape === "object" && "optional" in shape) {
      if (value !== undefined) this.value(shape.optional, value, field, owner);
    } else if (value === UNREADABLE)
      this.add(field, "a getter that throws", { must: "be readable", use: "a plain value" });
    else if (value === undefined && shape !== "json")
      this.add(field, value, { must: "be given", use: this.wordsOf(shape).use });
    else if (isToken(value)) this.token(shape, value, field, owner);
    else if (typeof shape === "string") this.word(shape, value, field);
    else if ("of" in shape) this.oneOf(shape.of, value, field, owner);
    else if ("list" in shape) this.list(shape.list, value, field, owner);
    else this.object(shape, value, field, owner);
  }

  private token(shape: Shape, value: unknown, field: string, owner: string): void {
    const isCarried = mayBeToken(owner) && takesToken(shape, value);
    const use = `${this.wordsOf(shape).use}, which the app may read from a file or the environment`;
    const got = typeof value === "string" ? value : "a Terraform token";
    if (!isCarried) this.add(field, got, { must: "be known at synth, which a Terraform token is not", use });
  }

  private word(word: string, value: unknown, field: string): void {
    if (word === "json") {
      const wrong = firstNonJson(value, field);
      const use = "strings, finite numbers, booleans, null, lists and objects";
      if (wrong) this.add(wrong.field, shownValue(wrong.value), { must: "be plain JSON", use });
    } else if (!isOfWord(word, value)) this.add(field, shownValue(value), this.wordsOf(word));
  }

  private list(element: Shape, value: unknown, field: string, owner: string): void {
    if (!attempt(() => Array.isArray(value), false)) return this.add(field, shownValue(value), this.wordsOf("list"));
    const list = value as unknown[];
    this.inside(value, field, () => {
      const length = attempt(() => list.length, 0);
      for (let index = 0; index < length && this.faults.length < ENOUGH; index += 1)
        this.value(
          element,
          attempt(() => list[index], UNREADABLE),
          `${field}[${index}]`,
          owner,
        );
    });
  }

  private object(shape: Named, value: unknown, field: string, owner: string): void {
    if (!isObject(value)) return this.add(field, shownValue(value), this.wordsOf(shape));
    if ("instance" in shape) return this.instance(shape.instance, value, field);
    const members = attempt(() => ({ ...value }), UNREADABLE);
    if (members === UNREADABLE)
      return this.add(field, "what cannot be read", { must: "be readable", use: "a plain object without getters" });
    const owns = "ref" in shape;
    const { fields = {}, rest }: Definition = owns ? (shapes[shape.ref] ?? {}) : { rest: shape.record };
    const prefix = field === "" ? "" : `${field}.`;
    this.inside(value, field, () => {
      for (const [key, each] of Object.entries(fields))
        this.value(
          each,
          attempt(() => value[key], UNREADABLE),
          prefix + key,
          owns ? `${shape.ref}.${key}` : owner,
        );
      for (const key of Object.keys(members).filter((each) => !(each in fields))) {
        const name = owns ? prefix + key : `${field}[${JSON.stringify(key)}]`;
        // What the library does not know it may hand on, but for the props themselves.
        const other = rest ?? (field === "" ? undefined : "json");
        if (other !== undefined) this.value(other, value[key], name, owns ? `${shape.ref}.${key}` : owner);
      }
    });
  }

  private instance(name: string, value: Record<string, unknown>, field: string): void {
    const members = shapes[name]?.has ?? [];
    const isOne = attempt(() => members.every((each) => each in value), false);
    if (!isOne) this.add(field, shownValue(value), this.wordsOf({ instance: name }));
  }

  /** The alternative with the fewest faults is the one that was meant, if only the outside fits. */
  private oneOf(alternatives: readonly Shape[], value: unknown, field: string, owner: string): void {
    const found = alternatives.map((shape) => {
      const check = new ShapeCheck();
      check.above.push(...this.above);
      check.value(shape, value, field, owner);
      return check.faults;
    });
    if (found.some((faults) => faults.length === 0)) return;
    const inside = found.filter((faults) => faults.every((fault) => fault.field !== field));
    const depth = ([first]: readonly ShapeFault[]): number => first?.field.length ?? 0;
    const [nearest] = inside.sort((left, right) => left.length - right.length || depth(right) - depth(left));
    if (nearest) return void this.faults.push(...nearest);
    const each = alternatives.map((shape) => this.wordsOf(shape));
    const joined = (texts: string[]) => [...new Set(texts)].join(" or ");
    const must = `be ${joined(each.map((one) => one.must.replace(/^be /, "")))}`;
    this.add(field, shownValue(value), { must, use: joined(each.map(({ use }) => use)) });
  }

  private inside(value: unknown, field: string, look: () => void): void {
    if (this.above.includes(value))
      return this.add(field, "itself", { must: "not contain itself", use: "a value without circles" });
    this.above.push(value);
    look();
    this.above.pop();
  }

  private wordsOf(shape: Shape): Violation {
    if (typeof shape === "string") return words[shape] ?? { must: "be given", use: "a value" };
    if ("optional" in shape) return this.wordsOf(shape.optional);
    if ("list" in shape) return words.list ?? (shape.list as never);
    if ("of" in shape) return this.wordsOf(shape.of[0] ?? "object");
    if (!("instance" in shape)) return words.object as Violation;
    const { instance: name } = shape;
    const article = /^[AEIOU]/.test(name) ? "an" : "a";
    return { must: `be ${article} ${name}`, use: makers[name] ?? `${article} ${name} of this library` };
  }

  private add(field: string, got: unknown, violation: Violation): void {
    this.faults.push({ field: field === "" ? WHOLE : field, got, ...violation });
  }
}

function isOfWord(word: string, value: unknown): boolean {
  if (word === "text") return typeof value === "string";
  if (word === "number") return typeof value === "number" && Number.isFinite(value);
  return word === "object" ? isObject(value) : typeof value === word;
}

/** Of any kind: text, number, list, map, or an object that resolves to something. */
function isToken(value: unknown): boolean {
  return attempt(() => Token.isUnresolved(value), false);
}

/** A text or a number that Terraform fills in; lists, maps and truth values would have to be taken apart at synth. */
function takesToken(shape: Shape, value: unknown): boolean {
  if (typeof shape === "object") return "of" in shape && shape.of.some((each) => takesToken(each, value));
  const isText = typeof value === "string" && isKnownToken(value);
  return (isText && shape !== "number") || (typeof value === "number" && shape !== "text");
}

/** Whether the tokens in a text are there, and it is not only a text that looks like one. */
function isKnownToken(value: string): boolean {
  return attempt(() => Tokenization.reverseString(value).tokens.length > 0, false);
}
