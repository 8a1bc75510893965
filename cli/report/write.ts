import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { renderHtml } from "./html";
import { renderJson } from "./json";
import { renderJunit } from "./junit";
import type { LabReport } from "./model";

/** Where the files of a report lie. */
export interface ReportFiles {
  readonly json: string;
  readonly junit: string;
  readonly html: string;
}

/** Names of the files of the last report in a directory; none of them need exist. */
export function reportFiles(directory: string): ReportFiles {
  const within = (name: string): string => path.join(directory, name);
  return { json: within("report.json"), junit: within("junit.xml"), html: within("report.html") };
}

/** Writes `report.json`, `junit.xml` and `report.html`; each is whole or the one before it. */
export function writeReports(directory: string, report: LabReport): ReportFiles {
  const files = reportFiles(directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  replace(files.json, renderJson(report));
  replace(files.junit, renderJunit(report));
  replace(files.html, renderHtml(report));
  return files;
}

function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}
