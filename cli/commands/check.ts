import path from "node:path";
import { checkConfig } from "../../stacks/config/check";
import { RefusedInput } from "../../stacks/refused-input";
import { EXIT, UsageError } from "../errors";
import type { GlobalOptions } from "../options";

/** Says of a configuration file whether `cdktf` can make its stacks, or everything that is wrong in it. */
export async function check(file: string, { json }: GlobalOptions): Promise<number> {
  // `./lab` itself runs in its own directory.
  const found = path.resolve(process.env.LAB_CALLED_FROM ?? ".", file);
  const stacks = stacksOf(found);
  process.stdout.write(
    json ? `${JSON.stringify({ file: found, stacks })}\n` : `${found}: ok, stacks ${stacks.join(", ")}\n`,
  );
  return EXIT.ok;
}

function stacksOf(file: string): string[] {
  try {
    return checkConfig(file);
  } catch (error) {
    if (error instanceof RefusedInput) throw new UsageError(error.message);
    throw error;
  }
}
