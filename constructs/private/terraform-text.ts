/**
 * Text as Terraform must read it to store it byte for byte: `${` and `%{` start a template in every JSON string
 * (https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping).
 * CDKTF's tokens stay what they are: a reference that Terraform resolves.
 */
export function literalText(text: string): string {
  return text.replace(/[$%]\{(?!TfToken\[)/g, (start) => start[0] + start);
}
