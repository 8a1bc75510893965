import { TerraformResource, type IConstruct } from "../constructs/private/terraform";

/**
 * Every path of the stacks' construct trees, a line each; where Terraform keeps state for it, the address too: another
 * address makes Terraform destroy what was and make it anew.
 */
export function constructIds(stacks: readonly IConstruct[]): string {
  const constructs = stacks.flatMap((stack) => stack.node.findAll());
  return constructs.map(lineOf).join("");
}

function lineOf(construct: IConstruct): string {
  const { path } = construct.node;
  if (!TerraformResource.isTerraformResource(construct)) return `${path}\n`;
  return `${path}  ${construct.terraformResourceType}.${construct.friendlyUniqueId}\n`;
}
