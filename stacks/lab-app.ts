import { App } from "../constructs/private/terraform";

/**
 * An app for the ready stacks. CDKTF's own validations run `terraform version` for each terraform_data: a third of the synthesis, and a
 * failure where there is no Terraform. Every stack says itself which version it needs (`required_version`), and every construct has
 * refused what is wrong with it by the time of the synthesis.
 */
export function labApp(outdir?: string): App {
  return new App({ outdir, skipValidation: true });
}
