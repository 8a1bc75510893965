import * as path from "node:path";
import * as ts from "typescript";

/** What the docstring of a member says. */
export interface MemberText {
  /** The description, on one line. */
  readonly description: string;
  /** The text behind `@default`, on one line; undefined where there is none. */
  readonly default?: string;
}

const root = path.resolve(__dirname, "..");

/** The docstrings of the interfaces below constructs/ and stacks/, inherited members with them. */
export class Docstrings {
  private readonly checker: ts.TypeChecker;
  private readonly interfaces = new Map<string, ts.InterfaceDeclaration>();

  public constructor() {
    const files = ts.sys.readDirectory(root, [".ts"], undefined, ["constructs/**/*", "stacks/**/*"]);
    const program = ts.createProgram(files, { skipLibCheck: true, module: ts.ModuleKind.Node16, noResolve: false });
    this.checker = program.getTypeChecker();
    for (const file of program.getSourceFiles().filter(({ fileName }) => files.includes(fileName)))
      for (const statement of file.statements)
        if (ts.isInterfaceDeclaration(statement)) this.interfaces.set(statement.name.text, statement);
  }

  /** @throws Error where there is no such interface, or no such member with a docstring. */
  public member(interfaceName: string, name: string): MemberText {
    const declaration = this.interfaces.get(interfaceName);
    if (!declaration) throw new Error(`there is no interface ${interfaceName}`);
    const member = this.checker.getTypeAtLocation(declaration).getProperty(name);
    const description = oneLine(ts.displayPartsToString(member?.getDocumentationComment(this.checker)));
    if (!member || description === "") throw new Error(`${interfaceName}.${name} has no docstring`);
    const tag = member.getJsDocTags(this.checker).find((each) => each.name === "default");
    return { description, default: tag && oneLine(ts.displayPartsToString(tag.text)).replace(/^- /, "") };
  }

  /** Whether an interface has a member. */
  public has(interfaceName: string, name: string): boolean {
    const declaration = this.interfaces.get(interfaceName);
    return declaration !== undefined && this.checker.getTypeAtLocation(declaration).getProperty(name) !== undefined;
  }
}

function oneLine(text: string): string {
  return text
    .replace(/\{@link ([^}]+)\}/g, "`$1`")
    .replace(/\s+/g, " ")
    .trim();
}
