import { visible } from "../../probe/visible";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that is XML or HTML already. */
export class Markup {
  public constructor(public readonly text: string) {}
}

type Value = string | number | Markup | undefined | readonly Markup[];

/**
 * XML or HTML from a template. Only values that {@link markup} made go in as they are; every other one becomes text, which
 * is safe inside elements and quoted attributes, and which XML 1.0 allows (https://www.w3.org/TR/xml/#charsets).
 */
export function markup(literals: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(literals.map((literal, index) => literal + textOf(values[index])).join(""));
}

function textOf(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("\n");
  return visible(String(value)).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
