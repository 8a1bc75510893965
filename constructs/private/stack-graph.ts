import {
  DefaultTokenResolver,
  StringConcat,
  TerraformDataSource,
  TerraformElement,
  TerraformResource,
  TerraformStack,
  Tokenization,
  type Construct,
  type ITerraformDependable,
} from "./terraform";

/** A resource or data source of a stack. */
export interface GraphNode {
  /** Its address in Terraform. */
  readonly address: string;
  /** Whether Terraform makes it; a data source is only read. */
  readonly isResource: boolean;
  /** Its element of the construct tree. */
  readonly element: TerraformElement;
  /** What it is declared as, without what only steers Terraform. */
  readonly declared: Readonly<Record<string, unknown>>;
  /** Addresses of what it depends on, said by `depends_on` or by a reference. */
  readonly dependencies: readonly string[];
}

const ID = "Dependencies";
const resolver = new DefaultTokenResolver(new StringConcat());
/** Arguments that say how Terraform goes about it, and cdktf's notes. */
const STEERING = ["//", "connection", "depends_on", "lifecycle", "provider", "provisioner", "timeouts"];

/**
 * Which resources of a stack depend on which, as its synthesised form has it: with what was overridden, added or referred to after a
 * construct was made. An element of the stack, since it must not outlive one synthesis.
 */
export class StackGraph extends TerraformElement {
  /** The graph of the stack of `scope`. */
  public static of(scope: Construct): StackGraph {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild(ID) as StackGraph | undefined) ?? new StackGraph(stack, ID);
  }

  private readonly leftOut = new Set<TerraformElement>();
  private readonly nodes = new Map<string, GraphNode>();
  private readonly elements = new Map<string, TerraformElement>();

  /** Leaves an element out: it says something of the graph and is no part of it. */
  public leaveOut(element: TerraformElement): void {
    this.leftOut.add(element);
  }

  /** These elements and all that they depend on, sorted by address. */
  public closureOf(dependables: readonly ITerraformDependable[]): GraphNode[] {
    const found = new Map<string, GraphNode>();
    const visit = (address: string): void => {
      const node = found.has(address) ? undefined : this.nodeAt(address);
      if (!node) return;
      found.set(address, node);
      node.dependencies.forEach(visit);
    };
    dependables.forEach((each) => visit(addressOf(each as TerraformElement)));
    return [...found.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /** What an element depends on itself. */
  public dependenciesOf(element: TerraformElement): TerraformElement[] {
    const node = this.nodeAt(addressOf(element));
    return (node?.dependencies ?? []).flatMap((address) => this.elements.get(address) ?? []);
  }

  /** cdktf asks all elements for this first, once in each synthesis. */
  public override toMetadata(): object {
    this.nodes.clear();
    this.elements.clear();
    return {};
  }

  private nodeAt(address: string): GraphNode | undefined {
    const known = this.nodes.get(address);
    if (known) return known;
    const element = this.elementsByAddress().get(address);
    if (!element) return undefined;
    const node = this.nodeOf(address, element);
    this.nodes.set(address, node);
    return node;
  }

  private nodeOf(address: string, element: TerraformElement): GraphNode {
    const attributes = this.attributesOf(element);
    const references = JSON.stringify(attributes).match(/(?:\bdata\.)?\b[a-z][a-z0-9_]*\.[A-Za-z_][A-Za-z0-9_-]*/g) ?? [];
    const dependencies = [...new Set(references)].filter((each) => each !== address && this.elements.has(each));
    const declared = Object.fromEntries(Object.entries(attributes).filter(([key]) => !STEERING.includes(key)));
    return { address, isResource: TerraformResource.isTerraformResource(element), element, declared, dependencies };
  }

  /** The arguments of an element's block, tokens resolved. */
  private attributesOf(element: TerraformElement): Record<string, unknown> {
    const rendered = Tokenization.resolve(element.toTerraform(), { scope: this, resolver }) as Rendered;
    const [ofType = {}] = Object.values(rendered.resource ?? rendered.data ?? {});
    return Object.values(ofType)[0] ?? {};
  }

  private elementsByAddress(): ReadonlyMap<string, TerraformElement> {
    if (this.elements.size > 0) return this.elements;
    const stack = TerraformStack.of(this);
    for (const element of stack.node.findAll()) {
      const isBlock = TerraformResource.isTerraformResource(element) || TerraformDataSource.isTerraformDataSource(element);
      if (!isBlock || this.leftOut.has(element) || TerraformStack.of(element) !== stack) continue;
      this.elements.set(addressOf(element), element);
    }
    return this.elements;
  }
}

interface Rendered {
  readonly resource?: Blocks;
  readonly data?: Blocks;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

/** As `depends_on` and expressions name it. */
function addressOf(element: TerraformElement): string {
  const { terraformResourceType: type = "" } = element as TerraformElement & { readonly terraformResourceType?: string };
  return [TerraformDataSource.isTerraformDataSource(element) ? "data." : "", type, ".", element.friendlyUniqueId].join("");
}
