import {
  parseClasses,
  parseRequiredProperties,
  parseTables,
  readBindingSource,
  type Member,
  type TableEntry,
} from "./binding-source";

/** A type in Terraform's JSON notation: `"string"`, `["map", "string"]`, `["list", ["object", {…}]]`. */
export type TerraformType = string | [string, TerraformType | { [name: string]: TerraformType }];

/** One attribute, in the notation of `terraform providers schema -json`. */
export interface Attribute {
  type?: TerraformType;
  nested_type?: { attributes: { [name: string]: Attribute }; nesting_mode: string };
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  write_only?: boolean;
}

/** One nested block, in the same notation. */
export interface BlockType {
  nesting_mode: string;
  block: Block;
  min_items?: number;
  max_items?: number;
}

/** A block's content, in the same notation. */
export interface Block {
  attributes?: { [name: string]: Attribute };
  block_types?: { [name: string]: BlockType };
}

/** How a provider nests: kubernetes by blocks, helm (protocol 6) by attributes. */
export type Nesting = "blocks" | "attributes";

/** What a binding's source says about one resource type or a provider's configuration. */
export function deriveBlock(directory: string, rootClass: string, nesting: Nesting): Block {
  return new Deriver(readBindingSource(directory), nesting).root(rootClass);
}

const SIMPLE_TYPES: { [storage: string]: string } = { string: "string", number: "number", boolean: "bool" };

class Deriver {
  private readonly tables: Map<string, TableEntry[]>;
  private readonly classes: Map<string, Member[]>;
  private readonly requiredProperties: Map<string, Set<string>>;

  public constructor(
    source: string,
    private readonly nesting: Nesting,
  ) {
    this.tables = parseTables(source);
    this.classes = parseClasses(source);
    this.requiredProperties = parseRequiredProperties(source);
  }

  public root(className: string): Block {
    const members = this.classes.get(className);
    if (members === undefined) throw new Error(`the binding has no class ${className}`);
    return this.block(this.tables.get("") ?? [], members, new Set());
  }

  private block(table: readonly TableEntry[], members: readonly Member[], required: ReadonlySet<string>): Block {
    const attributes: { [name: string]: Attribute } = {};
    const blocks: { [name: string]: BlockType } = {};
    for (const entry of table) {
      if (entry.name === "alias") continue; // Terraform's own argument of every provider block
      const flags = this.flags(entry, members, required);
      if (!entry.isBlock) attributes[entry.name] = { type: simpleType(entry), ...flags };
      else if (this.nesting === "attributes") attributes[entry.name] = { ...this.nestedAttribute(entry), ...flags };
      else blocks[entry.name] = this.nestedBlock(entry, flags.required === true);
    }
    const settable = new Set(table.map((entry) => entry.name));
    for (const member of members.filter(({ name }) => !settable.has(name))) {
      attributes[member.name] = { ...this.computedType(member), computed: true };
    }
    return { ...(isEmpty(attributes) ? {} : { attributes }), ...(isEmpty(blocks) ? {} : { block_types: blocks }) };
  }

  private nestedBlock(entry: TableEntry, required: boolean): BlockType {
    const single = entry.type === "struct";
    const several = entry.value.includes("listMapperHcl");
    return {
      nesting_mode: single ? "single" : entry.type,
      block: this.struct(entry),
      ...(required ? { min_items: 1 } : {}),
      ...(single || several ? {} : { max_items: 1 }),
    };
  }

  private nestedAttribute(entry: TableEntry): Attribute {
    const attributes = this.struct(entry).attributes ?? {};
    return { nested_type: { attributes, nesting_mode: entry.type === "struct" ? "single" : entry.type } };
  }

  private struct(entry: TableEntry): Block {
    const name = /(\w+)ToHclTerraform/.exec(entry.value)?.[1] ?? "";
    const table = this.tables.get(name);
    if (table === undefined) throw new Error(`the binding has no table for ${name}`);
    const className = name.charAt(0).toUpperCase() + name.slice(1);
    const members = this.classes.get(`${className}OutputReference`) ?? [];
    return this.block(table, members, this.requiredProperties.get(className) ?? new Set());
  }

  /** Structs of a provider's own configuration have no class: there the interface tells required from optional. */
  private flags(entry: TableEntry, members: readonly Member[], required: ReadonlySet<string>): Attribute {
    const member = members.find(({ name }) => name === entry.name);
    const property = /(?:struct!\.|this\._)(\w+)/.exec(entry.value)?.[1] ?? "";
    if (member?.required ?? required.has(property)) return { required: true };
    return member?.computed === true ? { optional: true, computed: true } : { optional: true };
  }

  private computedType(member: Member): Attribute {
    const reference = /new (\w+?)(List|OutputReference)\(this, "\w+"/.exec(member.body);
    if (reference === null) return { type: getterType(member) };
    const members = this.classes.get(`${reference[1] ?? ""}OutputReference`) ?? [];
    if (this.nesting === "attributes") {
      const { attributes = {} } = this.block([], members, new Set());
      return { nested_type: { attributes, nesting_mode: reference[2] === "List" ? "list" : "single" } };
    }
    const fields = members.map((field) => [field.name, this.computedType(field).type ?? "dynamic"] as const);
    return { type: ["list", ["object", Object.fromEntries(fields)]] };
  }
}

function simpleType({ type, storage }: TableEntry): TerraformType {
  // The binding's word for a value of any type.
  if (storage === "anyMap") return "dynamic";
  const element = SIMPLE_TYPES[storage.replace(/(Map|List)$/, "")];
  if (element === undefined) throw new Error(`unknown storage class ${storage}`);
  return type === "simple" ? element : [type, element];
}

function getterType({ name, body }: Member): TerraformType {
  if (body.includes("new cdktf.StringMap(") || body.includes("getStringMapAttribute")) return ["map", "string"];
  const getter = /get(String|Number|Boolean|List)Attribute\(/.exec(body)?.[1];
  if (getter === undefined) throw new Error(`cannot tell the type of ${name}`);
  return getter === "List" ? ["list", "string"] : (SIMPLE_TYPES[getter.toLowerCase()] ?? "string");
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
