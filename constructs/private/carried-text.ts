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
