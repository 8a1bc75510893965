import {
  DefaultTokenResolver,
  dependable,
  StringConcat,
  TerraformDataSource,
  TerraformModule,
  TerraformResource,
  TerraformStack,
  Tokenization,
  type IConstruct,
} from "./terraform";

/** What Terraform can make wait for something else: a resource, a data source or a module. */
export type Waiting = TerraformResource | TerraformDataSource | TerraformModule;

/** Whether Terraform can make a construct wait for something else. */
export function isWaiting(construct: IConstruct): construct is Waiting {
  return (
    TerraformResource.isTerraformResource(construct) ||
    TerraformDataSource.isTerraformDataSource(construct) ||
    construct instanceof TerraformModule
  );
}

/**
 * A circle of what waits for each other, as Terraform sees it: by `depends_on`, by references and by `replace_triggered_by`.
 *
 * @returns the circle from the resource back to it; undefined where there is none.
 */
export function circleThrough(resource: Waiting): readonly Waiting[] | undefined {
  const graph = new ResourceGraph(TerraformStack.of(resource));
  const seen = new Set<Waiting>();
  const paths: Waiting[][] = [[resource]];
  for (let path = paths.shift(); path; path = paths.shift()) {
    for (const next of graph.neededBy(path.at(-1) ?? resource)) {
      if (next === resource) return [...path, resource];
      if (!seen.has(next)) paths.push([...path, next]);
      seen.add(next);
    }
  }
  return undefined;
}

/** The resources of one stack by their addresses. */
export class ResourceGraph {
  private readonly byAddress = new Map<string, Waiting>();

  public constructor(private readonly stack: TerraformStack) {
    for (const each of stack.node.findAll().filter(isWaiting))
      this.byAddress.set(this.resolved(dependable(each)) as string, each);
  }

  /** What a resource waits for. */
  public neededBy(resource: Waiting): Waiting[] {
    return this.lookUp(resource).needs;
  }

  /** A resource's address, the arguments of its block, and what it waits for. */
  public lookUp(resource: Waiting): { address: string; block: Record<string, unknown>; needs: Waiting[] } {
    const rendered = this.resolved(resource.toTerraform());
    const address = this.resolved(dependable(resource)) as string;
    const needs = [...new Set(addressesIn(rendered))].flatMap((each) => this.byAddress.get(each) ?? []);
    return { address, block: blockAt(address, rendered), needs };
  }

  private resolved(value: unknown): unknown {
    const resolver = new DefaultTokenResolver(new StringConcat());
    return Tokenization.resolve(value, { scope: this.stack, resolver, preparing: false });
  }
}

/** The block of an address in what its element renders: below `resource`, where `data` and `module` are not named by the address itself. */
function blockAt(address: string, rendered: unknown): Record<string, unknown> {
  const [first = "", ...rest] = address.split(".");
  const path = ["data", "module"].includes(first) ? [first, ...rest] : ["resource", first, ...rest];
  const found = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], rendered);
  return (found ?? {}) as Record<string, unknown>;
}

/** Keys whose texts are addresses, and not expressions. */
const addressKeys = ["depends_on", "replace_triggered_by"];

/** All that may be an address in a block as Terraform's JSON has it. */
function addressesIn(value: unknown, areAddresses = false): string[] {
  if (typeof value === "string") {
    const mayRefer = areAddresses || value.includes("${");
    return mayRefer ? (value.match(/(?<![\w.-])(data\.)?[A-Za-z]\w*\.[\w-]+/g) ?? []) : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "//" ? [] : addressesIn(member, areAddresses || addressKeys.includes(key)),
  );
}
