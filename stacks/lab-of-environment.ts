import { configuredLab } from "./config/configured-lab";
import { embeddedLab } from "./embedded-lab";
import { readInventory } from "./lab-inventory";
import { RefusedInput } from "./refused-input";
import type { Construct } from "../constructs/private/terraform";

/**
 * The lab that the environment names: by LAB_CONFIG, a configuration file, or by LAB_INVENTORY, what `./lab up` knows of this machine.
 *
 * @throws RefusedInput where it names none or both, or where the file is wrong.
 */
export function addLab(scope: Construct, environment: Readonly<Record<string, string | undefined>>): void {
  const { LAB_CONFIG: config, LAB_INVENTORY: inventory } = environment;
  if (config && inventory) {
    throw new RefusedInput(
      `LAB_CONFIG (${config}) and LAB_INVENTORY (${inventory}) are both set, and each names a lab of its own; unset one of them`,
    );
  }
  if (config) return configuredLab(scope, config);
  if (inventory) return embeddedLab(scope, readInventory(inventory));
  throw new RefusedInput(
    'no lab is named: set LAB_CONFIG to a configuration file, or run "./lab up" for a lab on this machine, whose environment "./lab env" prints',
  );
}
