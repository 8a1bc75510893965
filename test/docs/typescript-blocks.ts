import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { parsed, root } from "../helpers/source-files";

/** One TypeScript block of a page. */
export interface Block {
  readonly page: string;
  /** Line of the block's first line of code, for error messages. */
  readonly line: number;
  readonly code: string;
}

/** All blocks fenced with `ts` or `typescript` of a page. */
export function blocksOf(page: string): Block[] {
  return blocksIn(page, readFileSync(path.join(root, page), "utf8"));
}

/** As {@link blocksOf}, of a page's text. */
export function blocksIn(page: string, text: string): Block[] {
  return [...text.matchAll(/^```(?:ts|typescript)[^\n]*\n(.*?)^```$/gms)].map(({ index, 1: code = "" }) => ({
    page,
    line: text.slice(0, index).split("\n").length + 1,
    code,
  }));
}

/**
 * What each block is compiled as:
 * - with an `import`, the module that it is;
 * - without, the body of a stack's constructor: `this` is the stack, and all that the library exports is imported. A first line
 *   `// given: cluster: ICluster, host: SshHost` declares what the text around it speaks of;
 * - with `// continues` as its first line, the block before it and then this one.
 */
export function programsOf(blocks: readonly Block[]): Block[] {
  const programs: Block[] = [];
  for (const block of blocks) {
    const before = programs.at(-1);
    const continues = block.code.startsWith("// continues");
    if (continues && before?.page !== block.page) throw new Error(`${block.page}:${block.line} continues nothing`);
    programs.push(continues && before ? { ...block, code: before.code + block.code } : block);
  }
  return programs.map((program) => ({ ...program, code: asModule(program.code) }));
}

function asModule(code: string): string {
  if (/^import /m.test(code)) return code;
  const [, given = ""] = /^\/\/ given: (.*)$/m.exec(code) ?? [];
  const types = 'import { App, TerraformOutput, TerraformStack } from "cdktf";';
  const names = `import { ${publicNames().join(", ")} } from "multicast-lab";`;
  return `${types} ${names} export function example(this: TerraformStack, ${given}) {\n${code}}\n`;
}

function publicNames(): string[] {
  const exports = parsed("constructs/index.ts").statements.filter(ts.isExportDeclaration);
  return exports.flatMap(({ exportClause }) =>
    exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [],
  );
}

/** What the type checker has against the programs, each with page and line. */
export function diagnose(programs: readonly Block[]): string[] {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const files = new Map(programs.map((program, index) => [path.join(root, `docs/block-${index}.ts`), program]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (file) => files.get(file)?.code ?? readFile(file);
  host.fileExists = (file) => files.has(file) || fileExists(file);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([file, block]) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map((found) => `${block.page}:${block.line} ${textOf(found)}`),
  );
}

function textOf({ file, start, messageText }: ts.Diagnostic): string {
  const line = file && start !== undefined ? file.text.slice(0, start).split("\n").length : 0;
  return `(line ${line} of the program): ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}
