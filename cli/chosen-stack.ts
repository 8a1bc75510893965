import fs from "node:fs/promises";
import type { Lab } from "../embedded/hosts";
import { findLab } from "../embedded/hosts";
import { DEFAULT_STACK, registeredStack, type RegisteredStack } from "../stacks/registry";
import { UsageError } from "./errors";
import { labFiles } from "./lab-files";
import { writeWhole } from "./whole-file";

/** A stack of the registry with its name. */
export interface ChosenStack extends RegisteredStack {
  readonly name: string;
}

/**
 * The stack that a lab is brought up with: the one asked for, else the one that it has, else the usual one.
 *
 * @param asked - the option `--lab`
 * @throws UsageError when there is no such stack, or the lab has another one.
 */
export async function chosenStack(labName: string, asked: string | undefined): Promise<ChosenStack> {
  const recorded = await recordedStack(labName);
  const name = asked ?? recorded ?? DEFAULT_STACK;
  const stack = stackOf(name);
  if (recorded !== undefined && recorded !== name) {
    throw new UsageError(
      `lab "${labName}" is a ${recorded}; run "./lab down --name ${labName}" first, or use another --name`,
    );
  }
  return { ...stack, name };
}

/** Remembers the stack, before anything of the lab is made. */
export async function recordStack(lab: Lab, { name }: ChosenStack): Promise<void> {
  await writeWhole(labFiles(lab).stack, name);
}

async function recordedStack(labName: string): Promise<string | undefined> {
  const lab = await findLab(labName);
  return lab && fs.readFile(labFiles(lab).stack, "utf8").catch(() => undefined);
}

function stackOf(name: string): RegisteredStack {
  try {
    return registeredStack(name);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
