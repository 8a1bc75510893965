import type { Report } from "../../probe/report";
import type { PhaseSeconds } from "../progress/progress";

/** An artifact as the report names it. */
export interface ReportedArtifact {
  readonly name: string;
  readonly kind: string;
  readonly origin: string;
  readonly version: string;
  readonly sha256: string;
}

/** A host as the report names it. */
export interface ReportedHost {
  readonly name: string;
  readonly role: string;
  readonly address: string;
  readonly managementInterface: string;
  readonly dataInterface: string;
}

/** What a run of the checks found, with all that it was found on. */
export interface LabReport {
  readonly lab: string;
  /** ISO 8601. */
  readonly writtenAt: string;
  /** The command that measured: `up` or `verify`. */
  readonly measuredBy: string;
  /** `passed` only when there is a check and every check passed. */
  readonly verdict: "passed" | "failed";
  readonly kernel: string;
  readonly dataSubnet: string;
  readonly hosts: readonly ReportedHost[];
  readonly artifacts: readonly ReportedArtifact[];
  readonly checks: readonly Report[];
  /** Seconds of each phase of the command. */
  readonly phases: PhaseSeconds;
}

/** No check at all is no success. */
export function verdictOf(checks: readonly Report[]): "passed" | "failed" {
  return checks.length > 0 && checks.every(({ verdict }) => verdict === "passed") ? "passed" : "failed";
}
