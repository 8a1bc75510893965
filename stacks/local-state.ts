import { filePath } from "../constructs/private/rules";
import { LocalBackend, type TerraformStack } from "../constructs/private/terraform";
import { literalText } from "../constructs/private/terraform-text";
import { Faults } from "../constructs/private/validate";

/**
 * Keeps a stack's state in a file.
 *
 * @throws ValidationError when the path is none.
 */
export function keepState(stack: TerraformStack, statePath: string): void {
  new Faults(stack).check("statePath", statePath, filePath).throwIfAny();
  new LocalBackend(stack, { path: literalText(statePath) });
}
