import { App } from "../constructs/private/terraform";

/**
 * An app for the ready stacks, without CDKTF's own validations: every construct has refused what is wrong with it by the time of the
 * synthesis, and every stack says itself which Terraform it needs (`required_version`).
 */
export function labApp(outdir?: string): App {
  return new App({ outdir, skipValidation: true });
}
