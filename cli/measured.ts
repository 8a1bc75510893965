import fs from "node:fs/promises";
import type { Artifacts } from "../embedded/artifacts";
import type { Lab } from "../embedded/hosts";
import { LabError } from "./errors";
import { labFiles } from "./lab-files";
import { Kubectl } from "./kubernetes/kubectl";
import { kernelRelease } from "./machine/kernel";
import type { PhaseSeconds } from "./progress/progress";
import { labReport, parseLabReport, renderMatrix, reportFiles, writeReports, type LabReport } from "./report";
import { deploymentId } from "./terraform/state";

/** The command that measured, what it may take, and what its phases took. */
export interface Measurement {
  readonly command: "up" | "verify";
  readonly durationSeconds: number;
  readonly targetSeconds: number;
  readonly phases: PhaseSeconds;
}

/** What a run found. */
export type Found = Pick<LabReport, "checks" | "faults" | "notes">;

/** kubectl on a lab's cluster. */
export function kubectlOf(lab: Lab, artifacts: Artifacts): Kubectl {
  return new Kubectl(artifacts.kubectl.path, labFiles(lab).kubeconfig);
}

/** Keeps what a run found with what it was measured on. */
export async function keepReport(
  lab: Lab,
  artifacts: Artifacts,
  measurement: Measurement,
  found: Found,
): Promise<LabReport> {
  const { phases, ...command } = measurement;
  const report = labReport({
    ...command,
    ...found,
    labName: lab.name,
    createdAt: new Date().toISOString(),
    phases: Object.entries(phases).map(([name, seconds]) => ({ name, seconds })),
    artifacts: Object.values(artifacts).map(({ name, kind, origin, version }) => ({ name, kind, origin, version })),
    hosts: lab.hosts.map(({ name, role, address, managementInterface, dataInterfaces }) => ({
      name,
      role,
      address,
      managementInterface,
      dataInterface: dataInterfaces.join(", "),
    })),
    dataSubnet: lab.dataSubnet,
    versions: { kernel: await kernelRelease(), node: process.version, kubernetes: artifacts.k3s.version },
    deployment: await deploymentId(labFiles(lab).state),
  });
  writeReports(labFiles(lab).reports, report);
  return report;
}

/**
 * The last report in a directory, if there is one.
 *
 * @throws LabError when the file holds none.
 */
export async function lastReport(directory: string): Promise<LabReport | undefined> {
  const { json } = reportFiles(directory);
  const text = await fs.readFile(json, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return parseLabReport(text);
  } catch (error) {
    const why = text.trim() === "" ? "it is empty" : (error as Error).message;
    throw new LabError(`${json} is no report: ${why}; "./lab verify" makes a new one`);
  }
}

/** A report for the terminal: the matrix, what is a stand-in, the verdict, where the files are. */
export function describeReport(report: LabReport, directory: string): string {
  const standIns = report.artifacts.filter(({ kind }) => kind === "stand-in").map(({ name }) => name);
  return [
    renderMatrix(report, terminalOptions()),
    `stand-ins: ${standIns.length === 0 ? "none" : `${standIns.join(", ")} (./lab doctor says why)`}`,
    `verdict: ${report.ok ? "passed" : "failed"}`,
    `report: ${reportFiles(directory).html} (JSON and JUnit beside it)`,
  ].join("\n");
}

function terminalOptions(): { readonly color: boolean; readonly width: number } {
  const { isTTY, columns } = process.stdout;
  // A terminal that was never told its size says 0.
  return { color: isTTY && process.env.NO_COLOR === undefined, width: columns || 120 };
}
