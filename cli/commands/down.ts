import { existsSync } from "node:fs";
import { auditMachine, findLab, release, status, stopHosts, type Lab } from "../../embedded/hosts";
import { recordedArtifacts } from "../artifact-record";
import { EXIT, Interrupted } from "../errors";
import { labFiles } from "../lab-files";
import { lockLab } from "../lab-lock";
import { requireLinuxRoot } from "../machine/platform";
import type { GlobalOptions } from "../options";
import type { Interruption } from "../process/interruption";
import { endLeftOvers } from "../process/left-over";
import { Progress } from "../progress/progress";
import { writeTeardown, type Teardown } from "../teardown";
import { LabTerraform } from "../terraform/terraform";

/** Destroys what is deployed, removes the hosts, and compares the machine with what it was before. */
export async function down(options: GlobalOptions, interruption: Interruption): Promise<number> {
  requireLinuxRoot();
  const lab = await findLab(options.name);
  if (lab === undefined) {
    process.stdout.write(`there is no lab "${options.name}"\nresidue: 0\n`);
    return EXIT.ok;
  }
  const lock = await lockLab(lab);
  const progress = new Progress();
  try {
    return await takeDown(lab, options, progress, interruption);
  } finally {
    progress.close("failed");
    await lock.release();
  }
}

async function takeDown(
  lab: Lab,
  options: GlobalOptions,
  progress: Progress,
  interruption: Interruption,
): Promise<number> {
  const started = performance.now();
  await endLeftOvers(lab.directory);
  const destroyFault = await destroy(lab, progress, interruption);
  await progress.run("stop hosts", "hosts removed", (onProgress) => stopHosts(lab, { onProgress }));
  const audit = await progress.run("audit", "audit of this machine", () => auditMachine(lab));
  const teardown: Teardown = {
    lab: lab.name,
    residue: audit.residue,
    otherChanges: audit.otherChanges,
    destroyFault,
    phases: { ...progress.seconds(), total: (performance.now() - started) / 1000 },
  };
  progress.close();
  const { log, reports } = labFiles(lab);
  await writeTeardown(reports, teardown, log);
  if (audit.residue.length === 0) await release(lab);
  return tell(teardown, options);
}

/**
 * Terraform's part. Its guards check the hosts against their baselines, so a destroy that fails is told; the hosts go in any
 * case, since they are ours.
 */
async function destroy(lab: Lab, progress: Progress, interruption: Interruption): Promise<string | undefined> {
  const files = labFiles(lab);
  const artifacts = await recordedArtifacts(files);
  if (!existsSync(files.state) || !existsSync(files.out)) return undefined;
  if (!(await hostsRun(lab))) {
    process.stderr.write("not all hosts run: what was deployed goes with their disks, without terraform destroy\n");
    return undefined;
  }
  if (artifacts === undefined) return "the artifacts that made this lab are gone from the cache; Terraform did not run";
  try {
    const terraform = new LabTerraform(lab, artifacts, interruption);
    await progress.run("destroy", "terraform destroy", (note) => terraform.destroy(note));
    return undefined;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return (error as Error).message;
  }
}

/**
 * After a reboot, for instance, hosts are down: whatever Terraform has put on them goes with their disks, and without them
 * there is no API server to ask.
 */
async function hostsRun(lab: Lab): Promise<boolean> {
  return (await status(lab)).every(({ state }) => state === "running");
}

function tell(teardown: Teardown, { json }: GlobalOptions): number {
  const { residue, otherChanges, destroyFault } = teardown;
  if (json) process.stdout.write(`${JSON.stringify(teardown, undefined, 2)}\n`);
  else {
    const lines = [
      ...(destroyFault === undefined
        ? []
        : [`terraform destroy failed, the hosts were removed all the same: ${destroyFault}`]),
      ...(otherChanges.length === 0 ? [] : ["changes on this machine that are not this lab's:"]),
      ...otherChanges.map((line) => `  ${line}`),
      `residue: ${residue.length}`,
      ...residue.map((line) => `  ${line}`),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  return residue.length === 0 && destroyFault === undefined ? EXIT.ok : EXIT.failed;
}
