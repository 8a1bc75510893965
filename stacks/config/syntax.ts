import { isScalar, Lexer, Parser, visit, type CST, type Document, type Node } from "yaml";
import type { ConfigFault } from "./faults";

/** Several times what the schema can take. */
const DEEPEST = 50;

/**
 * The tokens of a text, or nothing where they are nested deeper than any configuration. What composes a document from them calls
 * itself for each level, and Node.js does not survive a regular expression that is compiled at the end of its stack.
 */
export function shallowTokens(text: string, onNewLine: (offset: number) => void): CST.Token[] | undefined {
  const parser = new Parser(onNewLine);
  const tokens: CST.Token[] = [];
  onNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > DEEPEST) return undefined;
  }
  return [...tokens, ...parser.end()];
}

/** Tells where the character at an offset is. */
export type PositionAt = (offset: number | undefined) => ConfigFault["position"];

/** What is wrong with a document before anything is asked of its values. */
export function syntaxFaults(documents: readonly Document[], at: PositionAt): ConfigFault[] {
  const [document, second] = documents;
  if (!document || isEmpty(document))
    return [{ message: "is empty; it must hold a mapping, first of all `lab: NAME`" }];
  const faults: ConfigFault[] = [...document.errors, ...document.warnings]
    .filter(({ code }) => code !== "TAG_RESOLVE_FAILED")
    .map(({ code, message, pos }) => ({ position: at(pos[0]), message: textOf(code, message) }));
  const version = document.directives?.yaml;
  if (version?.explicit && version.version !== "1.2")
    faults.push({ position: at(0), message: `must be YAML 1.2, got %YAML ${version.version}` });
  if (second) faults.push({ position: at(second.range?.[0]), message: "must hold one document, got a second one" });
  return [...faults, ...nodeFaults(document, at)];
}

function isEmpty({ contents, errors }: Document): boolean {
  return errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null));
}

function textOf(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "a key stands twice in one mapping; write it once";
  if (code === "TAB_AS_INDENT") return "a tab indents a line, which YAML does not allow; indent with blanks";
  return `is not YAML: ${message}`;
}

/** Parts of YAML that a reader could take for something else, or that nothing here gives a meaning to. */
function nodeFaults(document: Document, at: PositionAt): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const add = (node: Node, message: string) => faults.push({ position: at(node.range?.[0]), message });
  visit(document, {
    Value: (_, node) => {
      if (node.tag !== undefined) add(node, `the tag ${node.tag} has no meaning here; leave it out`);
      if (isScalar(node) && typeof node.value === "string" && /[$%]\{/.test(node.value))
        add(
          node,
          "a text must not hold ${ or %{, since no variable or template is replaced here; write the value itself",
        );
    },
    Pair: (_, { key }) => {
      if (!isTextKey(key)) add(key as Node, "a key must be a text; quote it where it looks like something else");
    },
    Alias: (_, alias, ancestors) => {
      const target = alias.resolve(document);
      if (!target) add(alias, `*${alias.source} stands for nothing: there is no &${alias.source} before it`);
      else if (ancestors.includes(target)) add(alias, `*${alias.source} stands inside of what it stands for`);
    },
  });
  return faults;
}

/** Whether a key is text, or the merge key `<<`, which the parser holds as a symbol. */
function isTextKey(key: unknown): boolean {
  return isScalar(key) && (typeof key.value === "string" || typeof key.value === "symbol");
}
