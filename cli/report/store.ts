import fs from "node:fs/promises";
import path from "node:path";
import { html } from "./html";
import { junit } from "./junit";
import { matrix } from "./matrix";
import type { LabReport } from "./model";

/** Files of a report. */
const FILES = { json: "report.json", junit: "junit.xml", html: "report.html" } as const;

/** Writes the report in all its forms. */
export async function writeReport(directory: string, report: LabReport): Promise<void> {
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  const contents: Readonly<Record<string, string>> = {
    [FILES.json]: `${JSON.stringify(report, undefined, 2)}\n`,
    [FILES.junit]: junit(report),
    [FILES.html]: html(report),
  };
  for (const [name, text] of Object.entries(contents)) {
    const draft = path.join(directory, `.${name}.${process.pid}`);
    await fs.writeFile(draft, text, { mode: 0o600 });
    await fs.rename(draft, path.join(directory, name));
  }
}

/** The last report of a lab, if there is one. */
export async function readReport(directory: string): Promise<LabReport | undefined> {
  const text = await fs.readFile(path.join(directory, FILES.json), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LabReport);
}

/** The report for a terminal. */
export function describeReport(report: LabReport, directory: string): string {
  const standIns = report.artifacts.filter(({ kind }) => kind === "stand-in").map(({ name }) => name);
  return [
    ...report.checks.map(matrix),
    ...(report.checks.length === 0 ? ["no check has judged"] : []),
    `stand-ins: ${standIns.length === 0 ? "none" : standIns.join(", ")}`,
    `verdict: ${report.verdict}`,
    `report: ${path.join(directory, FILES.html)} (also ${FILES.json}, ${FILES.junit})`,
  ].join("\n\n");
}
