/** Whoever leaves an option out has to know what happens then: each optional prop of the library says it. */
import * as ts from "typescript";
import { parsed, sourceFiles } from "../helpers/source-files";

/** Names that the library and the stacks export, by file. */
function publicNames(): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const statement of parsed("constructs/index.ts").statements.filter(ts.isExportDeclaration)) {
    const { moduleSpecifier, exportClause } = statement;
    if (!moduleSpecifier || !exportClause || !ts.isNamedExports(exportClause))
      throw new Error("index.ts exports by name");
    const file = `constructs/${(moduleSpecifier as ts.StringLiteral).text.slice(2)}.ts`;
    const known = names.get(file) ?? new Set<string>();
    names.set(file, known);
    for (const { name } of exportClause.elements) known.add(name.text);
  }
  return names;
}

/** The optional members of an exported interface that a user fills in; an `IFoo` is only read. */
function optionalProps(file: string, isPublic: (name: string) => boolean) {
  const interfaces = parsed(file).statements.filter(ts.isInterfaceDeclaration).filter(isExported);
  const filledIn = interfaces.filter(({ name }) => isPublic(name.text) && !/^I[A-Z]/.test(name.text));
  return filledIn.flatMap(({ name, members }) =>
    members
      .filter(ts.isPropertySignature)
      .filter((member) => member.questionToken)
      .map((member) => ({ id: `${file}: ${name.text}.${member.name.getText()}`, member })),
  );
}

function isExported(node: ts.InterfaceDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function defaultOf(node: ts.Node): string | undefined {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "default");
  return tag && ts.getTextOfJSDocComment(tag.comment)?.trim();
}

const props = [
  ...[...publicNames()].flatMap(([file, names]) => optionalProps(file, (name) => names.has(name))),
  ...sourceFiles("stacks", [".ts"]).flatMap((file) => optionalProps(file, () => true)),
];

test("there are optional props to ask", () => {
  expect(props.length).toBeGreaterThan(20);
});

test("each optional prop names its default", () => {
  expect(props.filter(({ member }) => !defaultOf(member)).map(({ id }) => id)).toEqual([]);
});
