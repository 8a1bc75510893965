import { labHome } from "../../embedded/hosts";
import { EXIT, LabError } from "../errors";
import { reportsDirectory } from "../lab-files";
import { describeReport, lastReport } from "../measured";
import type { GlobalOptions } from "../options";

/** Prints the last verdict of a lab, also of one that is down. */
export async function report({ name, json }: GlobalOptions): Promise<number> {
  const directory = reportsDirectory(labHome(), name);
  const last = await lastReport(directory);
  if (last === undefined) throw new LabError(`lab "${name}" has no report yet; run "./lab up --name ${name}"`);
  process.stdout.write(`${json ? JSON.stringify(last, undefined, 2) : describeReport(last, directory)}\n`);
  return last.ok ? EXIT.ok : EXIT.failed;
}
