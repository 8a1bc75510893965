import type { Lab } from "../../embedded/hosts";
import { EXIT, LabError } from "../errors";
import { judge, START_SECONDS } from "../judgement";
import { findDrift } from "../kubernetes/drift";
import { labFiles } from "../lab-files";
import { lockLab } from "../lab-lock";
import { requireLinuxRoot } from "../machine/platform";
import { describeReport, keepReport, kubectlOf, type Measurement } from "../measured";
import type { GlobalOptions } from "../options";
import type { Interruption } from "../process/interruption";
import { Progress } from "../progress/progress";
import { renderJson, TARGET_SECONDS, type LabReport } from "../report";
import { runningLab, type RunningLab } from "../running-lab";
import { declaredLab, type DeclaredLab } from "../terraform/declared";

/** Runs every check of a running lab again, without a deploy. */
export async function verify({ name, json }: GlobalOptions, interruption: Interruption): Promise<number> {
  requireLinuxRoot();
  const running = await runningLab(name);
  const lock = await lockLab(running.lab);
  const progress = new Progress();
  try {
    const report = await measure(running, progress, interruption);
    progress.close();
    process.stdout.write(json ? renderJson(report) : `${describeReport(report, labFiles(running.lab).reports)}\n`);
    return report.ok ? EXIT.ok : EXIT.failed;
  } finally {
    progress.close("failed");
    await lock.release();
  }
}

async function measure(
  { lab, artifacts }: RunningLab,
  progress: Progress,
  interruption: Interruption,
): Promise<LabReport> {
  const started = performance.now();
  const kubectl = kubectlOf(lab, artifacts);
  const declared = await declaredChecks(lab);
  const [{ checks, notes }, drift] = await progress.run("verify", "checks", () => {
    const found = findDrift(kubectl, declared);
    // A pod does not start on a network that was broken; there is no use in waiting long for it.
    const startSeconds = found.then((all) => (all.some(({ putIn }) => putIn) ? DRIFTED_START_SECONDS : START_SECONDS));
    return interruption.stops(Promise.all([judge(kubectl, declared.checks, [], startSeconds), found]));
  });
  const measurement: Measurement = {
    command: "verify",
    durationSeconds: (performance.now() - started) / 1000,
    targetSeconds: TARGET_SECONDS.verify,
    phases: progress.seconds(),
  };
  const faults = drift.map(({ text }) => text);
  const advice = `"./lab up --name ${lab.name}" puts right what is not as it was deployed`;
  return keepReport(lab, artifacts, measurement, {
    checks,
    faults,
    notes: [...notes, ...(faults.length > 0 ? [advice] : [])],
  });
}

/** What a verdict pod may take to start where an object of the lab was changed by hand. */
const DRIFTED_START_SECONDS = 20;

/** @throws LabError when there are none, or when what was synthesised cannot be read. */
async function declaredChecks(lab: Lab): Promise<DeclaredLab> {
  const { out } = labFiles(lab);
  const next = `run "./lab up --name ${lab.name}" first`;
  const declared = await declaredLab(out).catch((error: Error) => {
    throw new LabError(
      `the synthesised stacks of lab "${lab.name}" in ${out} cannot be read: ${error.message}; ${next}`,
    );
  });
  if (declared.checks.length === 0) throw new LabError(`lab "${lab.name}" has no checks; ${next}`);
  return declared;
}
