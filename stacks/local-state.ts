import { filePath } from "../constructs/private/rules";
import { Aspects, LocalBackend, TerraformBackend, type TerraformStack } from "../constructs/private/terraform";
import { literalText } from "../constructs/private/terraform-text";
import { Faults } from "../constructs/private/validate";

/** The first with `terraform_data`, which the steps on hosts and clusters are (https://developer.hashicorp.com/terraform/language/resources/terraform-data). */
const REQUIRED_VERSION = ">= 1.4.0";

/**
 * Keeps a stack's state in a file unless the stack has another backend by the time it is synthesised, and says which Terraform or
 * OpenTofu the stack needs.
 *
 * @param statePath where undefined, CDKTF's own place: `terraform.<stack>.tfstate` in the current directory
 * @throws ValidationError when the path is none.
 */
export function keepState(stack: TerraformStack, statePath: string | undefined): void {
  new Faults(stack).check("statePath", statePath, filePath).throwIfAny();
  stack.addOverride("terraform.required_version", REQUIRED_VERSION);
  if (statePath === undefined) return;
  // CDKTF's hook for a stack without a backend; it is called before an app's stacks are prepared, and not at all by `Testing.synth`.
  stack.ensureBackendExists = () =>
    stack.node.findAll().find((each) => TerraformBackend.isBackend(each)) ??
    new LocalBackend(stack, { path: literalText(statePath) });
  Aspects.of(stack).add({ visit: (node) => void (node === stack && stack.ensureBackendExists()) });
}
