import type { Report, ReceiverReport } from "../../probe/report";
import { escapeMarkup } from "./markup";
import { checkTitle, groupText, NO_VERDICT } from "./words";
import { tally, type CheckResult, type LabReport } from "./model";

/** JUnit XML: a suite for each check, a case for each receiver (https://github.com/testmoapp/junitxml). */
export function renderJunit(report: LabReport): string {
  const { labName, createdAt, durationSeconds, checks } = report;
  const attributes = {
    name: labName,
    ...counts(checks),
    time: durationSeconds.toFixed(3),
    timestamp: createdAt,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributesText(attributes)}>`,
    ...checks.map(suite),
    "</testsuites>",
    "",
  ].join("\n");
}

function suite(check: CheckResult): string {
  const name = checkTitle(check);
  const { report } = check;
  const times = report && { time: report.times.judgedSeconds, timestamp: report.times.startedAt };
  const cases = report ? report.receivers.map((receiver) => testcase(name, report, receiver)) : [noVerdict(name)];
  return [`  <testsuite${attributesText({ name, ...counts([check]), ...times })}>`, ...cases, "  </testsuite>"].join(
    "\n",
  );
}

function counts(checks: readonly CheckResult[]): Record<string, number> {
  const { passed, failed } = tally({ checks });
  return { tests: passed + failed, failures: failed, errors: 0, skipped: 0 };
}

function testcase(classname: string, report: Report, receiver: ReceiverReport): string {
  const { name, verdict, expectation, reason } = receiver;
  const title = `${name} ${expectation === "heard" ? "hears" : "does not hear"} ${groupText(report)}`;
  const open = `    <testcase${attributesText({ classname, name: title })}`;
  return verdict === "passed" ? `${open}/>` : `${open}>${failure(verdict, reason)}</testcase>`;
}

function noVerdict(classname: string): string {
  return `    <testcase${attributesText({ classname, name: "verdict" })}>${failure("missing", NO_VERDICT)}</testcase>`;
}

function failure(type: string, message: string): string {
  return `<failure${attributesText({ type, message })}>${escapeMarkup(message)}</failure>`;
}

function attributesText(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeMarkup(String(value))}"`)
    .join("");
}
