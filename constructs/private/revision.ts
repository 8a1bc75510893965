import { dataResource } from "./data-resource";
import { digestOf } from "./digest";
import { isWaiting, type Waiting } from "./resource-graph";
import { StackGraph, type GraphNode } from "./stack-graph";
import { Construct, type DataResource, Lazy, TerraformStack, Token, type ITerraformDependable } from "./terraform";

/** Props of {@link Revision}. */
export interface RevisionProps {
  /** What the revision is about: these and all that they depend on. Read at synth. */
  readonly of: () => readonly ITerraformDependable[];
  /** What else makes another revision, by name: plain texts, or tokens of what Terraform reads. Read at synth. */
  readonly also?: () => Readonly<Record<string, string>>;
}

/**
 * A `terraform_data` whose id is another as soon as anything that it is about is another: a resource is declared otherwise, is changed
 * back by this apply, is made anew, joins or leaves. Who puts the id into an argument that Terraform cannot change in place is made anew
 * then, also where an apply was killed half-way (docs/adr/0022-what-makes-a-verdict-new.md).
 *
 * What it is about comes from the stack's own dependencies. So whatever a pod waits for is covered, whoever made the construct.
 */
export class Revision extends Construct {
  /** The revision of all that a resource depends on, the resource itself left out. */
  public static ofDependenciesOf(
    scope: Construct,
    id: string,
    resource: () => Waiting,
    also?: RevisionProps["also"],
  ): Revision {
    const of = () => StackGraph.of(scope).neededBy(resource());
    return new Revision(scope, id, { of, also });
  }

  /** The `terraform_data`. */
  public readonly resource: DataResource;

  public constructor(scope: Construct, id: string, props: RevisionProps) {
    super(scope, id);
    const stack = TerraformStack.of(this);
    const nodes = () => StackGraph.of(stack).closureOf(props.of().filter(isElement));
    this.resource = dataResource(this, "Resource", {
      // `triggersReplace` takes any value, and says that it takes a record.
      triggersReplace: Lazy.anyValue({
        produce: ({ preparing }) => (preparing ? {} : { ...props.also?.(), ...stateOf(nodes()) }),
      }) as unknown as Record<string, string>,
    });
    StackGraph.of(stack).leaveOut(this.resource);
    // A change in place leaves a resource's id as it is. Data sources are read, not changed.
    const changed = () => nodes().flatMap(({ address, isResource }) => (isResource ? [address] : []));
    this.resource.addOverride(
      "lifecycle.replace_triggered_by",
      Lazy.listValue({ produce: ({ preparing }) => (preparing ? [] : changed()) }),
    );
  }

  /** The id, for an argument of the resource that is to be made anew. */
  public get id(): string {
    return `\${${this.address}.id}`;
  }

  /** The resource as `replace_triggered_by` takes it: cdktf 0.21 renders a resource there as `"${type.name}"`, which Terraform refuses. */
  public get address(): string {
    return `${this.resource.terraformResourceType}.${this.resource.friendlyUniqueId}`;
  }
}

function isElement(dependable: ITerraformDependable): dependable is Waiting {
  return isWaiting(dependable as Waiting);
}

/** What each resource is declared as, and which of its lives this is. */
function stateOf(nodes: readonly GraphNode[]): Record<string, object> {
  return Object.fromEntries(
    nodes.map((node) => [node.address, { declared: digestOf(node.declared), life: lifeOf(node) }]),
  );
}

interface Identified {
  readonly id?: string;
  readonly metadata?: { readonly uid?: string };
}

/** What is another whenever the resource is made anew: for a Kubernetes object its uid, since its id is its name. */
function lifeOf({ address, element, declared, isResource }: GraphNode): string | undefined {
  const { metadata, id } = element as Waiting & Identified;
  const life = metadata?.uid ?? id;
  if (!isResource || life === undefined || !Token.isUnresolved(life)) return undefined;
  // An expression over several instances.
  const isMany = "for_each" in declared || "count" in declared;
  return isMany ? `\${jsonencode([for each in ${address} : each.id])}` : life;
}
