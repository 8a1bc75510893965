import fs from "node:fs/promises";
import type { Artifacts } from "../embedded/artifacts";
import type { Lab } from "../embedded/hosts";
import { labFiles } from "./lab-files";
import { Kubectl } from "./kubernetes/kubectl";
import { fetchResults, judgedSince } from "./kubernetes/verdicts";
import { kernelRelease } from "./machine/kernel";
import type { PhaseSeconds } from "./progress/progress";
import {
  labReport,
  parseLabReport,
  renderMatrix,
  reportFiles,
  writeReports,
  type CheckResult,
  type LabReport,
} from "./report";

/** The command that measured, what it may take, and what its phases took. */
export interface Measurement {
  readonly command: "up" | "verify";
  readonly durationSeconds: number;
  readonly targetSeconds: number;
  readonly phases: PhaseSeconds;
  /** What the checks had found before, where they were judged anew: a report that is still the same was not. */
  readonly before?: readonly CheckResult[];
}

/** kubectl on a lab's cluster. */
export function kubectlOf(lab: Lab, artifacts: Artifacts): Kubectl {
  return new Kubectl(artifacts.kubectl.path, labFiles(lab).kubeconfig);
}

/** Fetches the checks' reports from the cluster and keeps them with what they were measured on. */
export async function keepReport(lab: Lab, artifacts: Artifacts, measurement: Measurement): Promise<LabReport> {
  const { phases, before = [], ...command } = measurement;
  const report = labReport({
    ...command,
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
    checks: judgedSince(before, await fetchResults(kubectlOf(lab, artifacts))),
  });
  writeReports(labFiles(lab).reports, report);
  return report;
}

/** The last report in a directory, if there is one. */
export async function lastReport(directory: string): Promise<LabReport | undefined> {
  const text = await fs.readFile(reportFiles(directory).json, "utf8").catch(() => undefined);
  return text === undefined ? undefined : parseLabReport(text);
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
