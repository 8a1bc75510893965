import { existsSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { parsed, root } from "../helpers/source-files";

/** One import, re-export, `import()`, `require()` or `import("…").Type` of a file. */
export interface Import {
  readonly from: string;
  /** Path of the file below the root, or the name of a package or a Node.js module. */
  readonly to: string;
  readonly isFile: boolean;
  /** Whether nothing of it is left when the types are stripped. */
  readonly isTypeOnly: boolean;
}

/** All imports of a file. */
export function importsOf(from: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const target = targetOf(node);
    if (target) found.push({ from, ...resolved(from, target.specifier), isTypeOnly: target.isTypeOnly });
    ts.forEachChild(node, visit);
  };
  visit(parsed(from));
  return found;
}

function targetOf(node: ts.Node): { specifier: string; isTypeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node)) return literal(node.moduleSpecifier, isTypeImport(node.importClause));
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node))
    return literal(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
  if (ts.isExternalModuleReference(node)) return literal(node.expression, false);
  if (!ts.isCallExpression(node)) return undefined;
  const isImport =
    node.expression.kind === ts.SyntaxKind.ImportKeyword || /^require(\.resolve)?$/.test(node.expression.getText());
  return isImport ? literal(node.arguments[0], false) : undefined;
}

function literal(node: ts.Node | undefined, isTypeOnly: boolean) {
  return node && ts.isStringLiteralLike(node) ? { specifier: node.text, isTypeOnly } : undefined;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  const names =
    clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : undefined;
  return (
    clause.isTypeOnly ||
    (!clause.name && names !== undefined && names.length > 0 && names.every((name) => name.isTypeOnly))
  );
}

function resolved(from: string, specifier: string): Pick<Import, "to" | "isFile"> {
  if (!specifier.startsWith(".")) return { to: packageName(specifier), isFile: false };
  const base = path.posix.join(path.posix.dirname(from), specifier);
  const candidates = [base, `${base}.ts`, `${base}/index.ts`, base.replace(/\.js$/, ".ts")];
  const to = candidates.find((each) => /\.[a-z]+$/.test(each) && existsSync(path.join(root, each)));
  // A file that is not there is the type checker's to report.
  return { to: to ?? base, isFile: true };
}

function packageName(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** One cycle of the graph, its first file again at the end; undefined where there is none. */
export function cycleIn(edges: readonly (readonly [string, string])[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const search = (node: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(node)) return [...way.slice(way.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const each of next.get(node) ?? []) {
      const cycle = search(each, [...way, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of next.keys()) {
    const cycle = search(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}
