import { existsSync } from "node:fs";
import type { Artifacts } from "../embedded/artifacts";
import { findLab, type Lab } from "../embedded/hosts";
import { recordedArtifacts } from "./artifact-record";
import { LabError } from "./errors";
import { labFiles } from "./lab-files";

/** A lab that was brought up, with what it is made of. */
export interface RunningLab {
  readonly lab: Lab;
  readonly artifacts: Artifacts;
}

/** @throws LabError when there is no such lab, or none that was deployed. */
export async function runningLab(name: string): Promise<RunningLab> {
  const lab = await findLab(name);
  const artifacts = lab && (await recordedArtifacts(labFiles(lab)));
  if (lab === undefined || artifacts === undefined || !existsSync(labFiles(lab).inventory)) {
    throw new LabError(`lab "${name}" is not up; run "./lab up --name ${name}"`);
  }
  return { lab, artifacts };
}
