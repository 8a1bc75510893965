import * as path from "node:path";
import * as ts from "typescript";
import { root } from "./source-files";

/** A text in a sample. */
export interface Leaf {
  /** As {@link PublicApi.stringFields} names it. */
  readonly field: string;
  /** Where it stands in the sample. */
  readonly at: readonly string[];
  /** Whether it is the key at that place, and not the value. */
  readonly isKey: boolean;
}

/**
 * Every field of the public API that takes a text, as `Interface.field` or `Class.method(parameter)`: what is exported
 * by `constructs/index.ts` and `stacks/index.ts` as props, options or attributes, and all that is reached from there. Fields of one union of words count
 * too, since JavaScript lets any text through.
 */
export class PublicApi {
  private readonly checker: ts.TypeChecker;
  private readonly symbols: readonly ts.Symbol[];
  private readonly found = new Set<string>();
  private readonly seen = new Set<ts.Type>();

  public constructor() {
    const indexes = ["constructs/index.ts", "stacks/index.ts"].map((file) => path.join(root, file));
    const moduleResolution = ts.ModuleResolutionKind.Node10;
    const program = ts.createProgram(indexes, { strict: true, skipLibCheck: true, moduleResolution, types: [] });
    this.checker = program.getTypeChecker();
    this.symbols = indexes
      .map((file) => this.checker.getSymbolAtLocation(program.getSourceFile(file)!)!)
      .flatMap((module) => this.checker.getExportsOfModule(module))
      .map((each) => (each.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(each) : each));
  }

  /** All fields, by name. */
  public stringFields(): string[] {
    for (const symbol of this.symbols) {
      const [declaration] = symbol.declarations ?? [];
      if (!declaration) continue;
      if (ts.isInterfaceDeclaration(declaration) && /(Props|Options|Attributes)$/.test(symbol.name))
        this.visit(this.checker.getDeclaredTypeOfSymbol(symbol), symbol.name);
      if (ts.isClassDeclaration(declaration)) this.visitMethods(declaration, symbol.name);
    }
    return [...this.found].sort();
  }

  /** Names of the exported interfaces that say what a construct or value is made of. */
  public propsOf(index: string): string[] {
    const own = path.join(root, path.dirname(index)) + path.sep;
    const declared = this.symbols.filter(({ declarations: [first] = [] }) => {
      const isOwn = first !== undefined && first.getSourceFile().fileName.startsWith(own);
      return isOwn && ts.isInterfaceDeclaration(first);
    });
    return declared.map(({ name }) => name).filter((name) => /(Props|Options|Attributes)$/.test(name));
  }

  /** The texts of a sample of an exported interface, or of one parameter. */
  public leavesOf(interfaceName: string, sample: unknown): Leaf[] {
    if (typeof sample === "string") return [{ field: interfaceName, at: [], isKey: false }];
    const symbol = this.symbols.find(({ name }) => name === interfaceName);
    if (!symbol) throw new Error(`${interfaceName} is not exported`);
    return this.leaves(this.checker.getDeclaredTypeOfSymbol(symbol), sample, interfaceName, []);
  }

  private leaves(type: ts.Type, value: unknown, field: string, at: readonly string[]): Leaf[] {
    if (typeof value === "string") return [{ field, at, isKey: false }];
    if (Array.isArray(value)) {
      const [first] = value as unknown[];
      const lists = this.alternatives(type).filter((each) => this.checker.isArrayLikeType(each));
      const element = lists.flatMap((each) => each.getNumberIndexType() ?? []);
      return element.slice(0, 1).flatMap((each) => this.leaves(each, first, field, [...at, "0"]));
    }
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return [];
    return Object.entries(value).flatMap(([key, member]) => {
      const keys = Object.keys(value);
      const owners = this.alternatives(type).filter((each) => each.getProperty(key));
      const owner = owners.find((each) => keys.every((other) => each.getProperty(other))) ?? owners[0];
      if (owner) {
        const [memberType, memberField] = this.member(owner, owner.getProperty(key)!);
        return this.leaves(memberType, member, memberField, [...at, key]);
      }
      const [record] = this.alternatives(type).flatMap((each) => each.getStringIndexType() ?? []);
      if (!record) return [];
      return [{ field, at: [...at, key], isKey: true }, ...this.leaves(record, member, field, [...at, key])];
    });
  }

  private alternatives(type: ts.Type): readonly ts.Type[] {
    return type.isUnion() ? type.types : [type];
  }

  /** Parameters of public methods and factories; what they take by name is an interface. */
  private visitMethods(declaration: ts.ClassDeclaration, name: string): void {
    for (const method of declaration.members.filter(ts.isMethodDeclaration)) {
      const isPublic = !(ts.getCombinedModifierFlags(method) & ts.ModifierFlags.Private);
      for (const parameter of isPublic ? method.parameters : []) {
        const parameterName = parameter.name.getText();
        if (parameterName === "id") continue;
        const type = this.checker.getTypeAtLocation(parameter);
        this.visit(type, `${name}.${method.name.getText()}(${parameterName})`);
      }
    }
  }

  private visit(type: ts.Type, field: string): void {
    for (const part of this.parts(type)) {
      if (part.flags & ts.TypeFlags.StringLike) this.found.add(field);
      else if (this.isOurs(part) && !this.seen.has(part)) {
        this.seen.add(part);
        this.visitMembers(part);
      }
    }
  }

  private visitMembers(type: ts.Type): void {
    for (const property of type.getProperties()) this.visit(...this.member(type, property));
  }

  /** Type of a property, and its name behind that of the interface that declares it. */
  private member(type: ts.Type, property: ts.Symbol): [ts.Type, string] {
    const [declaration] = property.declarations ?? [];
    const owner = declaration?.parent;
    const name = owner && ts.isInterfaceDeclaration(owner) ? owner.name.text : (type.aliasSymbol ?? type.symbol).name;
    return [this.checker.getTypeOfSymbol(property), `${name}.${property.name}`];
  }

  /** What a type consists of, lists and records opened. */
  private parts(type: ts.Type): ts.Type[] {
    if (type.isUnion()) return type.types.flatMap((each) => this.parts(each));
    const element = this.checker.isArrayLikeType(type)
      ? type.getNumberIndexType()
      : type.flags & ts.TypeFlags.Object
        ? type.getStringIndexType()
        : undefined;
    return element && element !== type ? this.parts(element) : [type];
  }

  /** An interface of ours that a user writes as a literal; a construct is made by a class, which has a table row of its own. */
  private isOurs(type: ts.Type): boolean {
    const [declaration] = type.symbol?.declarations ?? [];
    const file = path.relative(root, declaration?.getSourceFile().fileName ?? root);
    if (!declaration || !/^(constructs|stacks)\//.test(file)) return false;
    const isPlain = ts.isInterfaceDeclaration(declaration) || ts.isTypeLiteralNode(declaration);
    return isPlain && !this.isConstruct(type);
  }

  private isConstruct(type: ts.Type): boolean {
    const node = type.getProperty("node");
    return node !== undefined && this.checker.getTypeOfSymbol(node).symbol?.name === "Node";
  }
}
