import type { LabReport } from "../../../cli/report";

/** Fields whose values decide what is shown and how, not texts. */
const WORDS = ["verdict", "expectation", "kind", "unicast"];

/** The report with a text in place of every text that anybody could have chosen. */
export function withText(report: LabReport, text: string): LabReport {
  return JSON.parse(JSON.stringify(report), (key, value: unknown) =>
    typeof value === "string" && !WORDS.includes(key) ? text : value,
  ) as LabReport;
}
