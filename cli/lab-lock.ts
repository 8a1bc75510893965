import type { Lab } from "../embedded/hosts";
import { tryLock, type Lock } from "../embedded/system/lock";
import { LabError } from "./errors";

/** Lets one command at a time work on a lab. */
export async function lockLab({ directory, name }: Lab): Promise<Lock> {
  const lock = await tryLock(directory);
  if (lock === undefined) {
    throw new LabError(`another ./lab command works on lab "${name}"; wait for it to end, or use another --name`);
  }
  return lock;
}
