import { Document, Scalar, visit } from "yaml";

/** Any JSON value as ASCII text, for JSON that is itself carried as a text: the same value, with nothing left to change on the way. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => escaped("u", 4, unit.charCodeAt(0)));
}

/**
 * A value as YAML that Terraform and Helm hand on byte for byte: JSON with everything outside ASCII escaped, since
 * Terraform normalises text to NFC. The escapes are YAML's own: it does not know JSON's surrogate pairs
 * (https://yaml.org/spec/1.2.2/#57-escaped-characters).
 *
 * @throws Error for a text that Helm's `toYaml` does not carry: it swallows go-yaml's error for these control
 * characters, prints nothing in place of the object, and folds U+0085 (measured with sigs.k8s.io/yaml 1.6.0).
 */
export function asciiYaml(value: unknown): string {
  const json = JSON.stringify(value);
  if (/[\u007f-\u009f\ufffe\uffff]|(?<!\\)(?:\\\\)*\\ud[89a-f]/u.test(json))
    throw new Error("a text that Helm's toYaml does not carry");
  return json.replace(/[\u00a0-\u{10ffff}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? escaped("U", 8, code) : escaped("u", 4, code);
  });
}

function escaped(kind: "u" | "U", digits: number, code: number): string {
  return `\\${kind}${code.toString(16).padStart(digits, "0")}`;
}

/** Numbers of Go's that YAML 1.1 does not know, `0o7`, `0B1` (https://pkg.go.dev/strconv#ParseInt, base 0), and one key with a meaning. */
const MORE_IN_GO = /^([-+]?0[box][0-9a-f_]+|=)$/i;

/**
 * A value as YAML that the readers of K3s and OpenShift take for the same value: go-yaml keeps to YAML 1.1, where a plain `no`, `on` or
 * `0b1` is a boolean or a number, also as a key. What it could take for more than text is quoted; all else is as it always was, since
 * another text would be another configuration.
 */
export function goYaml(value: unknown): string {
  const document = new Document(value, { version: "1.1" });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string" && MORE_IN_GO.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}
