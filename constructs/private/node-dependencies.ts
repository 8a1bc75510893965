import { circleThrough, isWaiting, type Waiting } from "./resource-graph";
import { Aspects, dependable, TerraformStack, type IAspect, type IConstruct } from "./terraform";
import { Faults } from "./validate";

const FIELD = "node.addDependency";
const prepared = new WeakSet<TerraformStack>();
const added = new WeakMap<Waiting, Set<Waiting>>();

/**
 * Sees to it that `node.addDependency` between constructs reaches Terraform in the stack of `scope`: everything that a construct makes
 * waits for everything that the other one makes. CDKTF 0.21 reads such dependencies nowhere
 * (https://github.com/hashicorp/terraform-cdk/issues/785). They are read at synth, so they may be added at any time.
 *
 * Called wherever a resource of the library comes into being. The app's other stacks are included: one of theirs may wait for ours.
 */
export function keepNodeDependencies(scope: IConstruct): void {
  const stack = TerraformStack.of(scope);
  if (!prepared.has(stack)) prepareStacksOf(stack.node.root);
}

function prepareStacksOf(root: IConstruct): void {
  for (const each of root.node.findAll()) {
    if (!TerraformStack.isStack(each) || prepared.has(each)) continue;
    prepared.add(each);
    Aspects.of(each).add(new NodeDependencies());
  }
}

/** Stacks are visited before what is in them. */
class NodeDependencies implements IAspect {
  public visit(node: IConstruct): void {
    if (TerraformStack.isStack(node)) visitStack(node);
    // Once more: another aspect may have added a dependency since the stack was visited.
    else if (isWaiting(node)) waitForDependencies(node);
  }
}

function visitStack(stack: TerraformStack): void {
  // A stack that was made after the last construct of ours is synthesised after this one too.
  prepareStacksOf(stack.node.root);
  const constructs = stack.node.findAll();
  constructs.forEach(checkDependent);
  const changed = constructs.filter(isWaiting).filter((each) => waitForDependencies(each).length > 0);
  for (const resource of changed) refuseCircle(resource);
}

/** A dependency of something that makes nothing would be lost. */
function checkDependent(construct: IConstruct): void {
  const { dependencies, children } = construct.node;
  if (dependencies.length === 0) return;
  const faults = new Faults(construct);
  const got = dependencies.map(({ node }) => node.path);
  if (dependencies.includes(construct))
    faults.add(FIELD, got, { must: "not lead back to the construct itself", use: "another construct" });
  const makesNothing = !isWaiting(construct) && children.length === 0;
  if (makesNothing && dependencies.some((each) => madeBy(each).length > 0)) {
    const use = "the dependency on what uses it, such as a check or a pod";
    faults.add(FIELD, got, { must: "be called on a construct that makes something, which can then wait", use });
  }
  faults.throwIfAny();
}

interface Wait {
  readonly scope: IConstruct;
  readonly target: Waiting;
}

/** Lets a resource wait for what its scopes depend on. @returns what it did not wait for before. */
function waitForDependencies(resource: Waiting): Wait[] {
  const known = added.get(resource) ?? new Set<Waiting>();
  added.set(resource, known);
  const waits = resource.node.scopes
    .flatMap((scope) => scope.node.dependencies.flatMap((dependency) => waitsOf(resource, scope, dependency)))
    .filter(({ target }) => !known.has(target) && known.add(target));
  if (waits.length > 0)
    resource.dependsOn = [...(resource.dependsOn ?? []), ...waits.map(({ target }) => dependable(target))];
  return waits;
}

/** What `resource` waits for in its own stack, since `scope`, which it is in, depends on `dependency`. */
function waitsOf(resource: Waiting, scope: IConstruct, dependency: IConstruct): Wait[] {
  // All else in a scope waits for a part of it, and a part waits for all else in a scope of its own.
  if (dependency.node.scopes.includes(scope) && resource.node.scopes.includes(dependency)) return [];
  const isPart = scope.node.scopes.includes(dependency);
  const targets = madeBy(dependency).filter(({ node }) => !isPart || !node.scopes.includes(scope));
  return targets.filter((target) => isOfOneStack(scope, resource, target)).map((target) => ({ scope, target }));
}

/** What a construct makes; where it makes nothing, what it depends on itself. */
function madeBy(construct: IConstruct, seen: ReadonlySet<IConstruct> = new Set()): Waiting[] {
  const made = construct.node.findAll().filter(isWaiting);
  if (made.length > 0 || seen.has(construct)) return made;
  return construct.node.dependencies.flatMap((each) => madeBy(each, new Set([...seen, construct])));
}

/** Terraform's `depends_on` ends at the stack; stacks wait for each other as a whole. */
function isOfOneStack(scope: IConstruct, resource: Waiting, target: Waiting): boolean {
  const [own, other] = [TerraformStack.of(resource), TerraformStack.of(target)];
  if (own === other) return true;
  if (other.dependsOn(own)) {
    const must = `not lead to the stack ${other.node.path}, which waits for the stack ${own.node.path}`;
    const use = "both constructs in one stack, or dependencies in one direction";
    new Faults(scope).add(FIELD, target.node.path, { must, use }).throwIfAny();
  }
  own.addDependency(other);
  return false;
}

function refuseCircle(resource: Waiting): void {
  const circle = circleThrough(resource);
  if (!circle) return;
  const scope = [...resource.node.scopes].reverse().find(({ node }) => node.dependencies.length > 0) ?? resource;
  const paths = circle.map(({ node }) => node.path);
  const must = `not lead back to what waits: ${paths.join(", which waits for ")}`;
  const got = scope.node.dependencies.map(({ node }) => node.path);
  new Faults(scope).add(FIELD, got, { must, use: "dependencies in one direction" }).throwIfAny();
}
