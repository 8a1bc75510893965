/** The programs that TypeScript files call by a name that stands in the code. */
import * as path from "node:path";
import * as ts from "typescript";
import { commandsOf } from "./shell-commands";
import { parsed } from "../helpers/source-files";

/** Functions that start a program, and which of their arguments may name it. */
const SPAWNERS = new Map<string, readonly number[]>(
  Object.entries({
    spawn: [0],
    spawnSync: [0],
    execFile: [0],
    execFileSync: [0],
    run: [0],
    runCommand: [0],
    succeeds: [0],
    runLogged: [0],
    // In a network namespace, whose name may come first.
    inside: [0, 1],
  }),
);

/** Programs that start the one that their arguments name, which is found where it has a name from the tables. */
const WRAPPERS = ["ip", "nsenter", "unshare", "nice", "setpriv", "chroot"];

/** Names of the programs that a file calls, those in its shell texts included. */
export function programsOf(file: string, known: ReadonlySet<string>): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    for (const name of namesAt(node, known)) names.add(path.basename(name));
    ts.forEachChild(node, visit);
  };
  visit(parsed(file));
  return [...names].sort();
}

function namesAt(node: ts.Node, known: ReadonlySet<string>): string[] {
  if (ts.isStringLiteralLike(node) && node.text.startsWith("#!/bin/")) return commandsOf(node.text);
  if (!ts.isCallExpression(node) || !isStarter(node.expression)) return [];
  const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const places = SPAWNERS.get(callee.getText());
  if (places === undefined) return [];
  const found = places.flatMap((place) => textsOf(node.arguments[place]));
  return startedBy(
    places.length > 1 ? found.filter((name) => known.has(name)) : found,
    node.arguments.slice(1).flatMap(textsOf),
    known,
  );
}

function startedBy(programs: readonly string[], words: readonly string[], known: ReadonlySet<string>): string[] {
  const [program] = programs;
  if (program === "sh" || program === "bash") return [program, ...shellTextOf(words)];
  // A script of the repository may be a wrapper too.
  const isWrapper = program === undefined || WRAPPERS.includes(program);
  return [...programs, ...(isWrapper ? words.filter((word) => known.has(word)) : [])];
}

/** `run` is the name of other functions as well: the one that starts a program is imported. */
function isStarter(callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text !== "run";
  if (callee.getText() !== "run") return true;
  return /import \{[^}]*\brun\b[^}]*\} from "[^"]*\/commands"/.test(callee.getSourceFile().text);
}

function shellTextOf(words: readonly string[]): string[] {
  const place = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return place === -1 ? [] : commandsOf(words[place + 1] ?? "");
}

/** The texts that an expression stands for: literals, both sides of a condition, elements of a list, constants of the same file. */
function textsOf(node: ts.Node | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return [...textsOf(node.left), ...textsOf(node.right)];
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(textsOf);
  if (ts.isSpreadElement(node)) return textsOf(node.expression);
  if (ts.isIdentifier(node)) return textsOf(constantOf(node));
  return [];
}

function constantOf({ text, parent }: ts.Identifier): ts.Node | undefined {
  const statements = parent.getSourceFile().statements.filter(ts.isVariableStatement);
  const declared = statements.flatMap(({ declarationList }) => [...declarationList.declarations]);
  return declared.find(({ name }) => ts.isIdentifier(name) && name.text === text)?.initializer;
}
