import { filePath } from "../constructs/private/rules";
import { LocalBackend, type TerraformStack } from "../constructs/private/terraform";
import { literalText } from "../constructs/private/terraform-text";
import { Faults } from "../constructs/private/validate";

/** The first with `terraform_data`, which the steps on hosts and clusters are (https://developer.hashicorp.com/terraform/language/resources/terraform-data). */
const REQUIRED_VERSION = ">= 1.4.0";

/**
 * Keeps a stack's state in a file, and says which Terraform or OpenTofu the stack needs.
 *
 * @throws ValidationError when the path is none.
 */
export function keepState(stack: TerraformStack, statePath: string): void {
  new Faults(stack).check("statePath", statePath, filePath).throwIfAny();
  stack.addOverride("terraform.required_version", REQUIRED_VERSION);
  new LocalBackend(stack, { path: literalText(statePath) });
}
