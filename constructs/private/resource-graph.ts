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
class ResourceGraph {
  private readonly byAddress = new Map<string, Waiting>();

  public constructor(private readonly stack: TerraformStack) {
    for (const each of stack.node.findAll().filter(isWaiting))
      this.byAddress.set(this.resolved(dependable(each)) as string, each);
  }

  public neededBy(resource: Waiting): Waiting[] {
    const found = addressesIn(this.resolved(resource.toTerraform()));
    return [...new Set(found)].flatMap((address) => this.byAddress.get(address) ?? []);
  }

  private resolved(value: unknown): unknown {
    const resolver = new DefaultTokenResolver(new StringConcat());
    return Tokenization.resolve(value, { scope: this.stack, resolver, preparing: false });
  }
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
