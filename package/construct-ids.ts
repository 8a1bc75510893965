import { TerraformResource, type App, type IConstruct } from "../constructs/private/terraform";

/**
 * Every path of the app's construct tree, a line each; where Terraform keeps state for it, the address too: another
 * address makes Terraform destroy what was and make it anew.
 */
export function constructIds(app: App): string {
  return app.node.findAll().slice(1).map(lineOf).join("");
}

function lineOf(construct: IConstruct): string {
  const { path } = construct.node;
  if (!TerraformResource.isTerraformResource(construct)) return `${path}\n`;
  return `${path}  ${construct.terraformResourceType}.${construct.friendlyUniqueId}\n`;
}
