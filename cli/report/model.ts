import type { Report } from "../../probe/report";

/** Version of the shape of `report.json`; a reader refuses one that it does not know. */
export const LAB_REPORT_SCHEMA_VERSION = 1;

/** Seconds that each command may take on two cores with everything cached; `coldUp` with nothing cached. */
export const TARGET_SECONDS = { up: 120, coldUp: 1200, secondUp: 25, verify: 20, down: 40 } as const;

/** What one check found. */
export interface CheckResult {
  readonly checkName: string;
  readonly namespace: string;
  /** As its verdict pod wrote it; absent where no verdict was given, which is a failure. */
  readonly report?: Report;
  /** Why there is no report of this run. */
  readonly fault?: string;
}

/** One phase of the command that measured. */
export interface ReportedPhase {
  readonly name: string;
  readonly seconds: number;
  /** What it may take at most, where that was decided. */
  readonly targetSeconds?: number;
}

/** Something that the lab is made of. */
export interface ReportedArtifact {
  readonly name: string;
  /** `real`, `built` or `stand-in`. */
  readonly kind: string;
  /** Where it came from: `bundle`, `machine`, `upstream`, `packages`. */
  readonly origin: string;
  readonly version: string;
  /** Of the file, where it is one. */
  readonly sha256?: string;
}

/** A host of the lab, in the cluster or beside it. */
export interface ReportedHost {
  readonly name: string;
  /** `server`, `agent` or `external`. */
  readonly role: string;
  readonly address: string;
  readonly managementInterface?: string;
  readonly dataInterface?: string;
  /** Its node's name where that is not the host's own. */
  readonly node?: string;
}

/** What a run of the checks found, with all that it was found on. */
export interface LabReport {
  readonly schemaVersion: typeof LAB_REPORT_SCHEMA_VERSION;
  readonly labName: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The command that measured, such as `up` or `verify`. */
  readonly command: string;
  readonly durationSeconds: number;
  /** What the whole command may take, of {@link TARGET_SECONDS}. */
  readonly targetSeconds?: number;
  readonly phases: readonly ReportedPhase[];
  readonly artifacts: readonly ReportedArtifact[];
  readonly hosts: readonly ReportedHost[];
  /** The data network's range in CIDR notation. */
  readonly dataSubnet?: string;
  /** By name, such as `kernel`, `kubernetes`, `node`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly checks: readonly CheckResult[];
  /** What else is wrong with the lab, such as an object that differs from what was deployed; none in reports of earlier versions. */
  readonly faults?: readonly string[];
  /** What else there is to know, such as what was put right. */
  readonly notes?: readonly string[];
  /** Which deployment was judged: changes with each apply. */
  readonly deployment?: string;
  /** True only when there is a check, every check passed, and nothing else is wrong. */
  readonly ok: boolean;
}

/** Facts that a report is made from. */
export type LabFacts = Omit<LabReport, "schemaVersion" | "ok">;

/** A report on the facts; what is judged here is only whether all checks passed and nothing else is wrong. No check at all is no success. */
export function labReport(facts: LabFacts): LabReport {
  const { checks, faults = [] } = facts;
  const ok = faults.length === 0 && checks.length > 0 && checks.every(({ report }) => report?.verdict === "passed");
  return { schemaVersion: LAB_REPORT_SCHEMA_VERSION, ...facts, ok };
}

/** How many receivers there are and how many met what was expected of them; a check without a verdict counts as one that did not. */
export function tally({ checks }: Pick<LabReport, "checks">): { readonly passed: number; readonly failed: number } {
  const receivers = checks.flatMap(({ report }) => report?.receivers ?? []);
  const passed = receivers.filter(({ verdict }) => verdict === "passed").length;
  const withoutVerdict = checks.filter(({ report }) => report === undefined).length;
  return { passed, failed: receivers.length - passed + withoutVerdict };
}
