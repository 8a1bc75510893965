import type { LabReport } from "../../cli/report";
import type { ReceiverReport } from "../../probe/report";

/** One receiver of one check. */
export interface JudgedReceiver extends ReceiverReport {
  /** `CHECK/RECEIVER`. */
  readonly title: string;
}

/** All receivers of all checks, by title. */
export function receiversOf({ checks }: LabReport): JudgedReceiver[] {
  return checks
    .flatMap(({ checkName, report }) =>
      (report?.receivers ?? []).map((receiver) => ({ ...receiver, title: `${checkName}/${receiver.name}` })),
    )
    .sort((left, right) => left.title.localeCompare(right.title));
}

/** Titles of those that did not meet what was expected. */
export function unmet(report: LabReport): string[] {
  return receiversOf(report)
    .filter(({ verdict }) => verdict !== "passed")
    .map(({ title }) => title);
}

/** The reason that a receiver's verdict gives. */
export function reasonOf(report: LabReport, title: string): string {
  return receiversOf(report).find((receiver) => receiver.title === title)?.reason ?? `no receiver ${title}`;
}
