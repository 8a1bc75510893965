import { Token } from "./terraform";

/**
 * Text as Terraform must read it to store it byte for byte: `${` and `%{` start a template in every JSON string
 * (https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping).
 *
 * @throws Error for a text that holds a CDKTF token, which escaping would break.
 */
export function literalText(text: string): string {
  if (Token.isUnresolved(text)) throw new Error("literalText takes plain text, not a Terraform token");
  return text.replace(/[$%]\{/g, (start) => start[0] + start);
}
