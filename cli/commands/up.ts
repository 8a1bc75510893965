import fs from "node:fs/promises";
import path from "node:path";
import { artifactSettings, findOffers, type Artifacts, type OvnKubernetes } from "../../embedded/artifacts";
import { allocate, hostNames, labHome, startHosts, type Lab } from "../../embedded/hosts";
import { recordArtifacts, recordedArtifacts, refuseToMix, sameProviders } from "../artifact-record";
import { chosenClusterNetwork } from "../cluster-network";
import { chosenStack, recordStack, type ChosenStack } from "../chosen-stack";
import { Deployment, DeployFailed } from "../deployment";
import { EXIT, LabError } from "../errors";
import { requireArchives, writeInventory } from "../inventory";
import { labFiles } from "../lab-files";
import { lockLab } from "../lab-lock";
import { requireLinuxRoot } from "../machine/platform";
import { missingPackages } from "../machine/packages";
import { describeReport, keepReport, kubectlOf, type Measurement } from "../measured";
import type { UpOptions } from "../options";
import { plannedWork, prepareMachine, resolveArtifacts } from "../preparation";
import type { Interruption } from "../process/interruption";
import { endLeftOvers } from "../process/left-over";
import { Progress } from "../progress/progress";
import { renderJson, TARGET_SECONDS, type LabReport } from "../report";
import { writeTerraformConfiguration } from "../terraform/configuration";
import { declaredLab, type DeclaredLab } from "../terraform/declared";
import { LabTerraform } from "../terraform/terraform";

/** Everything that a lab needs, from nothing to the verdict. */
export async function up(options: UpOptions, interruption: Interruption): Promise<number> {
  requireLinuxRoot();
  const stack = await chosenStack(options.name, options.lab);
  const { clusterNetwork, ovnKubernetes } = await chosenClusterNetwork(options, stack);
  if (options.dryRun) return dryRun(options, stack);
  const lab = await allocate(options.name, labHome(), { ...stack.hosts, clusterNetwork });
  const lock = await lockLab(lab);
  const progress = new Progress();
  try {
    await recordStack(lab, stack);
    const outcome = await bringUp({ lab, stack, ovnKubernetes }, options, progress, interruption);
    progress.close();
    return tell(outcome, lab, options);
  } finally {
    progress.close("failed");
    await lock.release();
  }
}

interface Outcome {
  readonly changed: boolean;
  readonly report: LabReport;
  /** Why the deploy failed, where it did. */
  readonly failure?: DeployFailed;
}

interface Wanted {
  readonly lab: Lab;
  readonly stack: ChosenStack;
  /** Only where the lab's cluster network is that. */
  readonly ovnKubernetes?: OvnKubernetes;
}

async function bringUp(
  { lab, stack, ovnKubernetes }: Wanted,
  options: UpOptions,
  progress: Progress,
  interruption: Interruption,
): Promise<Outcome> {
  const started = performance.now();
  await prepareMachine(progress, interruption, options);
  const artifacts = await resolveArtifacts(progress, interruption);
  if (!stack.hosts.internet) requireArchives(artifacts);
  const cold = Object.keys(progress.seconds()).some((phase) => phase.startsWith("build k3s"));
  await endLeftOvers(lab.directory);
  const fresh = await startLabHosts({ lab, ovnKubernetes }, progress, interruption);
  const files = labFiles(lab);
  const before = await declaredBefore(files.out);
  await makeReady({ lab, stack }, artifacts);
  const terraform = new LabTerraform(lab, artifacts, interruption);
  const stacks = await progress.run("synth", "synthesis", () => terraform.synthesise());
  const declared = await declaredLab(files.out);
  const deployed = fresh ? undefined : (before ?? declared);
  const tools = { terraform, kubectl: kubectlOf(lab, artifacts), progress, interruption };
  const deployment = new Deployment({ lab, artifacts, stacks, declared, deployed }, tools);
  const measure = (target: number): Measurement => measurementOf(started, progress, target);
  const target = cold ? TARGET_SECONDS.coldUp : TARGET_SECONDS.up;
  try {
    const { changed, ...found } = await deployment.run();
    const took = measure(changed ? target : TARGET_SECONDS.secondUp);
    return { changed, report: await keepReport(lab, artifacts, took, found) };
  } catch (error) {
    if (!(error instanceof DeployFailed)) throw error;
    return { changed: true, report: await keepReport(lab, artifacts, measure(target), error.found), failure: error };
  }
}

/** What the stacks declared that the last run synthesised; nothing where that cannot be read. */
async function declaredBefore(out: string): Promise<DeclaredLab | undefined> {
  const declared = await declaredLab(out).catch(() => undefined);
  return declared === undefined || declared.checks.length === 0 ? undefined : declared;
}

function measurementOf(started: number, progress: Progress, targetSeconds: number): Measurement {
  return {
    command: "up",
    durationSeconds: (performance.now() - started) / 1000,
    targetSeconds,
    phases: progress.seconds(),
  };
}

/** Hosts that are new have empty disks: the state of what was on the old ones says nothing of them. */
async function startLabHosts(
  { lab, ovnKubernetes }: Pick<Wanted, "lab" | "ovnKubernetes">,
  progress: Progress,
  interruption: Interruption,
): Promise<boolean> {
  const { cache } = artifactSettings();
  const { outcome } = await progress.run("hosts", "hosts", (onProgress) =>
    interruption.stops(startHosts(lab, { onProgress, cache, ovnKubernetes })),
  );
  if (outcome === "unchanged") {
    progress.forget("hosts");
    return false;
  }
  const files = labFiles(lab);
  await fs.rm(files.out, { recursive: true, force: true });
  for (const entry of await fs.readdir(files.state)) {
    if (entry !== "machine-baseline.json") await fs.rm(path.join(files.state, entry), { recursive: true });
  }
  return true;
}

async function makeReady({ lab, stack }: Wanted, artifacts: Artifacts): Promise<void> {
  const files = labFiles(lab);
  const recorded = await recordedArtifacts(files);
  if (recorded !== undefined) {
    refuseToMix(recorded, artifacts);
    // A stand-in that was built anew has the version of the old one: its lock file would refuse it. State lies elsewhere.
    if (!sameProviders(recorded, artifacts)) await fs.rm(files.out, { recursive: true, force: true });
  }
  await recordArtifacts(files, artifacts);
  await writeTerraformConfiguration(files, artifacts);
  await writeInventory(lab, stack.name, artifacts);
}

function tell({ changed, report, failure }: Outcome, lab: Lab, { json }: UpOptions): number {
  const { reports } = labFiles(lab);
  if (json) process.stdout.write(renderJson({ changed, ...report }));
  else {
    if (!changed) process.stdout.write(`nothing to change: the plan of every stack is empty; judged again:\n\n`);
    process.stdout.write(`${describeReport(report, reports)}\n`);
  }
  if (failure !== undefined) throw new LabError(failure.message);
  return report.ok ? EXIT.ok : EXIT.failed;
}

async function dryRun({ name }: UpOptions, stack: ChosenStack): Promise<number> {
  const settings = artifactSettings();
  const packages = await missingPackages(settings.cache);
  const hosts = hostNames(stack.hosts);
  const lines = [
    packages.length > 0 ? `would install the Debian packages ${packages.join(" ")}` : "no package is missing",
    ...plannedWork(await findOffers(settings)).map((line) => `would make ${line}`),
    `would start the hosts ${hosts.join(", ")} of lab "${name}", and run cdktf deploy on the stacks cluster and ${stack.name}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return EXIT.ok;
}
