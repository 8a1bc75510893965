import { ResourceGraph, type Waiting } from "./resource-graph";
import { TerraformElement, TerraformResource, TerraformStack, type Construct } from "./terraform";

/** What is there of one resource, data source or module of a stack. */
export interface GraphNode {
  /** Its address in Terraform. */
  readonly address: string;
  /** Whether Terraform makes it, and does not only read it. */
  readonly isResource: boolean;
  /** Its element of the construct tree. */
  readonly element: Waiting;
  /** What it is declared as, without what only steers Terraform. */
  readonly declared: Readonly<Record<string, unknown>>;
  /** What it waits for itself. */
  readonly needs: readonly Waiting[];
}

const ID = "Dependencies";
/** Arguments that say how Terraform goes about it, and cdktf's notes. */
const STEERING = ["//", "connection", "depends_on", "lifecycle", "provider", "provisioner", "timeouts"];

/**
 * What waits for what in a stack, as its synthesised form has it: with all that was overridden or added after a construct was made. It is an
 * element of the stack since it must not outlive one synthesis.
 */
export class StackGraph extends TerraformElement {
  /** The graph of the stack of `scope`. */
  public static of(scope: Construct): StackGraph {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild(ID) as StackGraph | undefined) ?? new StackGraph(stack, ID);
  }

  private readonly leftOut = new Set<Waiting>();
  private readonly nodes = new Map<Waiting, GraphNode>();
  private graph?: ResourceGraph;

  /** Leaves an element out: it says something about the graph and is no part of it. */
  public leaveOut(element: Waiting): void {
    this.leftOut.add(element);
  }

  /** These elements and all that they wait for, sorted by address. */
  public closureOf(elements: readonly Waiting[]): GraphNode[] {
    const found = new Map<Waiting, GraphNode>();
    const visit = (element: Waiting): void => {
      if (found.has(element) || this.leftOut.has(element)) return;
      const node = this.nodeOf(element);
      found.set(element, node);
      node.needs.forEach(visit);
    };
    elements.forEach(visit);
    return [...found.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /** What an element waits for itself. */
  public neededBy(element: Waiting): readonly Waiting[] {
    return this.nodeOf(element).needs;
  }

  /** cdktf asks every element for this once in each synthesis, before it renders the first one. */
  public override toMetadata(): object {
    this.nodes.clear();
    this.graph = undefined;
    return {};
  }

  private nodeOf(element: Waiting): GraphNode {
    const known = this.nodes.get(element);
    if (known) return known;
    this.graph ??= new ResourceGraph(TerraformStack.of(this));
    const { address, block, needs } = this.graph.lookUp(element);
    const declared = Object.fromEntries(Object.entries(block).filter(([key]) => !STEERING.includes(key)));
    const isResource = TerraformResource.isTerraformResource(element);
    const node = { address, isResource, element, declared, needs };
    this.nodes.set(element, node);
    return node;
  }
}
