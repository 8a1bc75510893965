import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

const manifestFile = z.object({
  stacks: z.record(
    z.string(),
    z.object({ name: z.string(), workingDirectory: z.string(), dependencies: z.array(z.string()).default([]) }),
  ),
});

/** A synthesised stack. */
export interface SynthesisedStack {
  readonly name: string;
  readonly directory: string;
  readonly dependencies: readonly string[];
}

/** The stacks in the output directory, each after those that it depends on; none where nothing was synthesised. */
export async function synthesisedStacks(out: string): Promise<SynthesisedStack[]> {
  const file = path.join(out, "manifest.json");
  if (!existsSync(file)) return [];
  const { stacks } = manifestFile.parse(JSON.parse(await fs.readFile(file, "utf8")));
  const found = Object.values(stacks).map(({ name, workingDirectory, dependencies }) => ({
    name,
    directory: path.join(out, workingDirectory),
    dependencies,
  }));
  return inOrder(found);
}

/** Sorts stacks so that each comes after its dependencies. */
export function inOrder(stacks: readonly SynthesisedStack[]): SynthesisedStack[] {
  const sorted: SynthesisedStack[] = [];
  const place = (stack: SynthesisedStack): void => {
    if (sorted.includes(stack)) return;
    stacks.filter(({ name }) => stack.dependencies.includes(name)).forEach(place);
    sorted.push(stack);
  };
  stacks.forEach(place);
  return sorted;
}
