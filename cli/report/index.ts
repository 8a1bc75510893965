export { parseLabReport, renderJson } from "./json";
export { renderHtml } from "./html";
export { renderJunit } from "./junit";
export { renderMatrix, type MatrixOptions } from "./matrix";
export {
  LAB_REPORT_SCHEMA_VERSION,
  labReport,
  TARGET_SECONDS,
  type CheckResult,
  type LabFacts,
  type LabReport,
  type ReportedArtifact,
  type ReportedHost,
  type ReportedPhase,
} from "./model";
export { reportFiles, writeReports, type ReportFiles } from "./write";
