import * as path from "node:path";
import * as ts from "typescript";

const root = path.join(__dirname, "..");

/** A type as constructs/private/shape.ts reads it: see there. */
type Shape = string | { readonly [key: string]: Shape | readonly Shape[] | readonly string[] };

/**
 * The shapes of all values that the public API takes, by name of the interface or as `Class.method(parameter)`: what JavaScript, or
 * TypeScript through `any`, may get wrong without the compiler seeing it. Made from the types, so that no field can be forgotten.
 */
export function publicShapes(): string {
  const shapes = new PublicShapes();
  const lines = shapes.entries().map(([name, shape]) => `${JSON.stringify(name)}: ${JSON.stringify(shape)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

class PublicShapes {
  private readonly checker: ts.TypeChecker;
  private readonly symbols: readonly ts.Symbol[];
  private readonly found = new Map<string, Shape>();
  private readonly names = new Map<ts.Type, string>();

  public constructor() {
    const indexes = ["constructs/index.ts", "stacks/index.ts"].map((file) => path.join(root, file));
    const moduleResolution = ts.ModuleResolutionKind.Node10;
    const program = ts.createProgram(indexes, { strict: true, skipLibCheck: true, moduleResolution, types: [] });
    this.checker = program.getTypeChecker();
    this.symbols = indexes
      .flatMap((file) => program.getSourceFile(file) ?? [])
      .flatMap((source) => this.checker.getSymbolAtLocation(source) ?? [])
      .flatMap((module) => this.checker.getExportsOfModule(module))
      .map((each) => (each.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(each) : each));
  }

  public entries(): [string, Shape][] {
    for (const symbol of this.symbols) {
      const [declaration] = symbol.declarations ?? [];
      if (!declaration) continue;
      if (ts.isInterfaceDeclaration(declaration) && /(Props|Options|Attributes)$/.test(symbol.name))
        this.shapeOf(this.checker.getDeclaredTypeOfSymbol(symbol), symbol.name);
      if (ts.isClassDeclaration(declaration))
        declaration.members.forEach((each) => this.visitMethod(each, symbol.name));
      if (ts.isFunctionDeclaration(declaration)) this.visitParameters(declaration, symbol.name);
    }
    return [...this.found].sort(([left], [right]) => (left < right ? -1 : 1));
  }

  private visitMethod(member: ts.ClassElement, owner: string): void {
    if (ts.isMethodDeclaration(member) && isPublic(member))
      this.visitParameters(member, `${owner}.${member.name.getText()}`);
  }

  private visitParameters({ parameters }: ts.SignatureDeclaration, name: string): void {
    for (const parameter of parameters) {
      const own = parameter.name.getText();
      if (["scope", "id", "faults"].includes(own)) continue;
      const isOptional = parameter.questionToken !== undefined || parameter.initializer !== undefined;
      const field = `${name}(${/^\w+$/.test(own) ? own : "props"})`;
      const shape = this.shapeOf(this.checker.getTypeAtLocation(parameter), field);
      this.found.set(field, isOptional ? optional(shape) : shape);
    }
  }

  private shapeOf(type: ts.Type, name: string): Shape {
    const parts = (type.isUnion() ? type.types : [type]).filter((each) => !(each.flags & ts.TypeFlags.Undefined));
    const shapes = parts.map((each) => this.shapeOfPart(each, name));
    const unique = [...new Map(shapes.map((each) => [JSON.stringify(each), each])).values()];
    const [only] = unique;
    const shape = only !== undefined && unique.length === 1 ? only : { of: unique };
    return parts.length < (type.isUnion() ? type.types.length : 1) ? optional(shape) : shape;
  }

  private shapeOfPart(type: ts.Type, name: string): Shape {
    const word = words.find(([flags]) => type.flags & flags);
    if (word) return word[1];
    const element = type.getNumberIndexType();
    if (element && (this.checker.isArrayType(type) || this.checker.isTupleType(type)))
      return { list: this.shapeOf(element, name) };
    if (type.getCallSignatures().length > 0) return "function";
    if (isOurs(type.symbol)) return this.isPlain(type) ? this.object(type, name) : this.instance(type);
    const value = type.getStringIndexType();
    if (value) return { record: this.shapeOf(value, name) };
    // A mapped type, like `Omit`.
    return type.getProperties().some(isOurs) ? this.object(type, name) : "object";
  }

  private instance(type: ts.Type): Shape {
    const { name } = type.symbol;
    this.found.set(name, {
      has: type
        .getProperties()
        .filter(isTelling)
        .map((each) => each.name)
        .sort(),
    });
    return { instance: name };
  }

  /** An interface of ours that is written as a literal, by reference. */
  private object(type: ts.Type, field: string): Shape {
    const known = this.names.get(type);
    if (known !== undefined) return { ref: known };
    const name = isOurs(type.symbol) && !type.symbol.name.startsWith("__") ? type.symbol.name : this.unnamed(field);
    this.names.set(type, name);
    const fields: Record<string, Shape> = {};
    const rest = type.getStringIndexType();
    this.found.set(name, { fields, ...(rest && { rest: this.shapeOf(rest, name) }) });
    for (const property of type.getProperties()) {
      const shape = this.shapeOf(this.checker.getTypeOfSymbol(property), `${name}.${property.name}`);
      fields[property.name] = property.flags & ts.SymbolFlags.Optional ? optional(shape) : shape;
    }
    return { ref: name };
  }

  private unnamed(field: string): string {
    const name = `${field}{}`;
    return this.found.has(name) ? this.unnamed(name) : name;
  }

  private isPlain(type: ts.Type): boolean {
    const [declaration] = type.symbol.declarations ?? [];
    if (!declaration || ts.isClassDeclaration(declaration)) return false;
    // A construct has a `node` of type Node; a receiver has one that is a name.
    const node = type.getProperty("node");
    return node === undefined || this.checker.getTypeOfSymbol(node).symbol?.name !== "Node";
  }
}

const words: readonly (readonly [ts.TypeFlags, string])[] = [
  [ts.TypeFlags.StringLike, "text"],
  [ts.TypeFlags.NumberLike, "number"],
  [ts.TypeFlags.BooleanLike, "boolean"],
  [ts.TypeFlags.Unknown | ts.TypeFlags.Any | ts.TypeFlags.Never, "json"],
  [ts.TypeFlags.TypeParameter, "object"],
];

function isOurs(symbol: ts.Symbol | undefined): boolean {
  const [declaration] = symbol?.declarations ?? [];
  const file = path.relative(root, declaration?.getSourceFile().fileName ?? "/");
  return /^(constructs|stacks)\//.test(file);
}

/** Whether an instance of a type is told by a member: it is always there, and part of the public API. */
function isTelling({ flags, declarations = [] }: ts.Symbol): boolean {
  return !(flags & ts.SymbolFlags.Optional) && declarations.every(isPublic);
}

function isPublic(declaration: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const isInternal = ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === "internal");
  return !(ts.getCombinedModifierFlags(declaration) & hidden) && !isInternal;
}

function optional(shape: Shape): Shape {
  return typeof shape === "object" && "optional" in shape ? shape : { optional: shape };
}
