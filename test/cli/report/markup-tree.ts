/** XML or XHTML as a parser sees it, for assertions on elements, attributes and text. */
import { XMLParser, XMLValidator } from "fast-xml-parser";

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** All text inside, in order. */
  readonly text: string;
  readonly children: readonly Element[];
}

type Node = Record<string, unknown>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
});

/** @throws Error for text that is not well-formed. */
export function parseMarkup(text: string): Element {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`${valid.err.msg} in line ${valid.err.line}`);
  const roots = (parser.parse(text) as Node[]).map(elementOf).filter(({ name }) => !/^[?#]/.test(name));
  if (roots.length !== 1) throw new Error(`one root element expected, got ${roots.length}`);
  return roots[0]!;
}

/** The element and all that are inside it, in the order of the document. */
export function everyElement(root: Element): Element[] {
  return [root, ...root.children.flatMap(everyElement)];
}

/** Elements of a name, inside. */
export function elementsOf(root: Element, name: string): Element[] {
  return everyElement(root).filter((element) => element.name === name);
}

/** Names of elements and of their attributes, and how they lie in each other: all but what is text. */
export function shapeOf({ name, attributes, children }: Element): string {
  return `${name}[${Object.keys(attributes).join(" ")}](${children.map(shapeOf).join(" ")})`;
}

function elementOf(node: Node): Element {
  const name = Object.keys(node).find((key) => key !== ":@") ?? "";
  if (name === "#text") return { name, attributes: {}, text: String(node[name]), children: [] };
  const inside = (node[name] as Node[]).map(elementOf);
  return {
    name,
    attributes: (node[":@"] ?? {}) as Record<string, string>,
    text: inside.map(({ text }) => text).join(""),
    children: inside.filter((each) => each.name !== "#text"),
  };
}
