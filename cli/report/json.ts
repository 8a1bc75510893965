import { visibleJson } from "../../probe/visible";
import { LAB_REPORT_SCHEMA_VERSION, type LabReport } from "./model";

/** The whole report for other programs, with all evidence; of an `up`, whether it changed anything too. */
export function renderJson(report: LabReport & { readonly changed?: boolean }): string {
  return `${visibleJson(JSON.stringify(report, undefined, 2))}\n`;
}

/**
 * Reads what {@link renderJson} wrote.
 *
 * @throws Error for text that is no report, or one of another schema version.
 */
export function parseLabReport(text: string): LabReport {
  const value = JSON.parse(text) as Partial<LabReport> | null;
  if (value?.schemaVersion !== LAB_REPORT_SCHEMA_VERSION) {
    const got = JSON.stringify(value?.schemaVersion);
    throw new Error(
      `report.schemaVersion must be ${LAB_REPORT_SCHEMA_VERSION}, got ${got}; run "./lab verify" for a new one`,
    );
  }
  const fields = ["labName", "createdAt", "phases", "artifacts", "hosts", "versions", "checks", "ok"] as const;
  const missing = fields.filter((field) => value[field] === undefined);
  if (missing.length > 0) throw new Error(`report must have ${missing.join(", ")}`);
  return value as LabReport;
}
