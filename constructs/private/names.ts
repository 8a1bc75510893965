import { createHash } from "node:crypto";
import { TerraformStack, type IConstruct } from "./terraform";

/**
 * A DNS-1123 label for an object, made of its construct's path inside the stack. The same path always gives the same
 * name, different paths give different names: an id in PascalCase becomes kebab-case, everything else gets a hash.
 */
export function nameFromPath(scope: IConstruct, maxLength = 63): string {
  const ids = scope.node.path.slice(TerraformStack.of(scope).node.path.length + 1).split("/");
  const kebab = ids.map(kebabCase).filter(Boolean).join("-");
  const isReversible = ids.length === 1 && /^([A-Z][a-z0-9]+)+$/.test(ids[0] ?? "");
  return isReversible && kebab.length <= maxLength ? kebab : withHash(kebab, ids.join("/"), maxLength);
}

/** A DNS-1123 label made of a label and any other text: different texts give different names. */
export function nameOfParts(label: string, text: string, maxLength = 63): string {
  const kebab = kebabCase(text);
  const name = `${label}-${kebab}`;
  return kebab === text && name.length <= maxLength ? name : withHash(name, `${label}-${text}`, maxLength);
}

/** `text` where it fits into `maxLength`, else its start and a hash of all of it. `text` must be a DNS-1123 label apart from its length. */
export function shortened(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : withHash(text, text, maxLength);
}

function withHash(readable: string, whole: string, maxLength: number): string {
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  const start = readable.slice(0, maxLength - hash.length - 1).replace(/-+$/, "");
  return [start || "x", hash].join("-");
}

function kebabCase(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
