import { visible } from "../../probe/visible";
import { nearest } from "../../constructs/private/nearest";
import { RefusedInput } from "../refused-input";

/** Keys and indices that lead from the top of a file to one of its values. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong with a configuration file. */
export interface ConfigFault {
  /**
   * Line and column of the value or key, from 1.
   *
   * @default none: the fault is of the file as a whole
   */
  readonly position?: { readonly line: number; readonly col: number };
  /** What is wrong, with path, value got, what is allowed. */
  readonly message: string;
}

/** A configuration file that is refused, with all its faults in the order of its lines. */
export class ConfigError extends RefusedInput {
  public override readonly name = "ConfigError";
  /** One line each: file, line, column, fault. */
  public readonly faults: readonly string[];

  public constructor(file: string, faults: readonly ConfigFault[]) {
    const lineOf = ({ position }: ConfigFault) => position?.line ?? 0;
    const texts = [...faults]
      .sort((one, other) => lineOf(one) - lineOf(other))
      .map(({ position, message }) =>
        visible(`${file}${position ? `:${position.line}:${position.col}` : ""}: ${message}`),
      );
    super(texts.join("\n"));
    this.faults = texts;
  }
}

/** A path as one reads it: `cluster.k3s.servers[1].hostKey`. */
export function pathText(path: ConfigPath): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${part}`))
    .join("");
}

/** Which of the known words somebody may have meant by another. */
export function suggestion(word: string, known: readonly string[]): string {
  const close = nearest(word, known);
  return close === undefined ? "" : `; did you mean ${JSON.stringify(close)}?`;
}

const secretKey = /passw|passphrase|secret|token|credential|private_?key$|^auth$/i;

/**
 * A value as a message shows it. What may hold a secret is left out: whole files that were pasted for a path, values
 * under a key that speaks of secrets, passwords in addresses.
 */
export function shown(value: unknown, key: string | number = ""): string {
  if (value === undefined) return "nothing";
  if (secretKey.test(String(key))) return "a value that is not shown";
  if (typeof value === "string") return shownText(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? "an empty mapping" : `a mapping of ${keys.length}`;
}

function shownText(text: string): string {
  if (/[\r\n]/.test(text)) return `a text of ${text.split(/\r\n?|\n/).length} lines, not shown`;
  const masked = text.replace(/(:\/\/[^/\s:@]*):[^/\s@]*@/g, "$1:…@");
  return JSON.stringify(masked.length > 100 ? `${masked.slice(0, 100)}…` : masked);
}
