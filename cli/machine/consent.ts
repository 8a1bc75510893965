import { createInterface } from "node:readline/promises";
import { UsageError } from "../errors";

/** Says what would be done, and goes on only with the user's word: asked at a terminal, or given by `--yes`. */
export async function consent(what: string, yes: boolean): Promise<void> {
  process.stderr.write(`${what}\n`);
  if (yes) return;
  if (!process.stdin.isTTY) throw new UsageError("cannot ask without a terminal; run again with --yes");
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await dialogue.question("Go on? [y/N] ");
  dialogue.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError("nothing was changed");
}
