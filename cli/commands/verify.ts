import { EXIT, LabError } from "../errors";
import { fetchResults, judgeAgain, removeCopies, verdictPods } from "../kubernetes/verdicts";
import { labFiles } from "../lab-files";
import { lockLab } from "../lab-lock";
import { requireLinuxRoot } from "../machine/platform";
import { describeReport, keepReport, kubectlOf } from "../measured";
import type { GlobalOptions } from "../options";
import type { Interruption } from "../process/interruption";
import { Progress } from "../progress/progress";
import { TARGET_SECONDS, type LabReport } from "../report";
import { runningLab, type RunningLab } from "../running-lab";

/** Runs every check of a running lab again, without a deploy. */
export async function verify({ name, json }: GlobalOptions, interruption: Interruption): Promise<number> {
  requireLinuxRoot();
  const running = await runningLab(name);
  const lock = await lockLab(running.lab);
  const progress = new Progress();
  try {
    const report = await measure(running, progress, interruption);
    progress.close();
    const text = json ? JSON.stringify(report, undefined, 2) : describeReport(report, labFiles(running.lab).reports);
    process.stdout.write(`${text}\n`);
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
  const before = await interruption.stops(fetchResults(kubectl));
  await progress.run("verify", "checks", async () => {
    const pods = await interruption.stops(verdictPods(kubectl));
    if (pods.length === 0)
      throw new LabError(`lab "${lab.name}" has no checks; run "./lab up --name ${lab.name}" first`);
    await interruption.stops(removeCopies(kubectl));
    await interruption.stops(Promise.all(pods.map((pod) => judgeAgain(kubectl, pod))));
  });
  return keepReport(lab, artifacts, {
    command: "verify",
    durationSeconds: (performance.now() - started) / 1000,
    targetSeconds: TARGET_SECONDS.verify,
    phases: progress.seconds(),
    before,
  });
}
