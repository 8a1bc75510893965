import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

/** The repository's root. */
export const root = path.resolve(__dirname, "../..");

const skipped = new Set(["node_modules", ".git", "cdktf.out", "dist", "coverage", "testdata", "assets", "generated"]);

/** Paths below the root, with `/`, of all files whose name ends with one of `endings`; generated ones and assets left out. */
export function sourceFiles(folder: string, endings: readonly string[]): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles(file, endings);
    return entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)) ? [file] : [];
  });
}

/** A source file as TypeScript's own parser sees it. */
export function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
}
