import fs from "node:fs/promises";
import path from "node:path";
import type { PhaseSeconds } from "./progress/progress";
import { writeWhole } from "./whole-file";

/** What `./lab down` found. */
export interface Teardown {
  readonly lab: string;
  /** Things of the lab that are still on the machine. */
  readonly residue: readonly string[];
  /** Differences from the baseline that are not the lab's. */
  readonly otherChanges: readonly string[];
  /** Why Terraform could not destroy its part, where it could not. */
  readonly destroyFault?: string;
  readonly phases: PhaseSeconds;
}

/** Keeps it beside the lab's last report, with the lab's logs. */
export async function writeTeardown(directory: string, teardown: Teardown, logDirectory: string): Promise<void> {
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  await fs.cp(logDirectory, path.join(directory, "log"), { recursive: true }).catch(ignoreAbsence);
  await writeWhole(path.join(directory, "teardown.json"), `${JSON.stringify(teardown, undefined, 2)}\n`);
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
