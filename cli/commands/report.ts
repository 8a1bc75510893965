import { existsSync } from "node:fs";
import { findLab, labHome } from "../../embedded/hosts";
import { EXIT, LabError } from "../errors";
import { labFiles, reportsDirectory } from "../lab-files";
import { describeReport, lastReport } from "../measured";
import type { GlobalOptions } from "../options";
import { duration } from "../progress/phase";
import { renderJson, type LabReport } from "../report";
import { deploymentId } from "../terraform/state";

/** Prints the last verdict of a lab, also of one that is down, and how old it is. */
export async function report({ name, json }: GlobalOptions): Promise<number> {
  const directory = reportsDirectory(labHome(), name);
  const last = await lastReport(directory);
  if (last === undefined) throw new LabError(`lab "${name}" has no report yet; run "./lab up --name ${name}"`);
  if (json) process.stdout.write(renderJson(last));
  else process.stdout.write(`${describeReport(last, directory)}\n${ageText(last, await sinceThen(last, name))}\n`);
  return last.ok ? EXIT.ok : EXIT.failed;
}

/** What has become of the lab since, as far as files tell: the lab itself is not asked. */
export type SinceThen = "same" | "down" | "deployed";

async function sinceThen({ deployment }: LabReport, name: string): Promise<SinceThen> {
  const lab = await findLab(name);
  if (lab === undefined || !existsSync(labFiles(lab).inventory)) return "down";
  return (await deploymentId(labFiles(lab).state)) === deployment ? "same" : "deployed";
}

const SINCE: Readonly<Record<SinceThen, string>> = {
  same: 'nothing was deployed since; "./lab verify" judges what is there now',
  down: "the lab was taken down since, or is being made again",
  deployed: 'the lab was deployed again since, without a verdict; run "./lab up" or "./lab verify"',
};

/** The last line of the report. */
export function ageText({ createdAt, command }: LabReport, since: SinceThen, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(createdAt)) / 1000);
  return `judged by ${command} at ${createdAt}, ${duration(seconds)} ago; ${SINCE[since]}`;
}
