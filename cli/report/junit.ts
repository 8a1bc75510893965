import type { ReceiverReport, Report } from "../../probe/report";
import { markup, type Markup } from "./markup";
import { tally, type CheckResult, type LabReport } from "./model";
import {
  cameText,
  checkTitle,
  groupText,
  joinsText,
  mustText,
  nameText,
  noVerdictText,
  placeText,
  warningTexts,
} from "./words";

/** JUnit XML: a suite for each check, a case for each receiver (https://github.com/testmoapp/junitxml). */
export function renderJunit({ labName, createdAt, durationSeconds, checks, faults = [] }: LabReport): string {
  const time = durationSeconds.toFixed(3);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${labName}" ${counts(checks, faults)} time="${time}" timestamp="${createdAt}">
${[...checks.map(suite), ...(faults.length === 0 ? [] : [suiteOfFaults(faults)])]}
</testsuites>
`.text;
}

function suite(check: CheckResult): Markup {
  const name = checkTitle(check);
  const { report } = check;
  const times = report && markup` time="${report.times.judgedSeconds}" timestamp="${report.times.startedAt}"`;
  const cases = report
    ? report.receivers.map((receiver) => testcase(name, report, receiver))
    : [noVerdict(name, noVerdictText(check))];
  return markup`  <testsuite name="${name}" ${counts([check])}${times}>
${cases}
  </testsuite>`;
}

/** What is wrong with the lab itself. */
function suiteOfFaults(faults: readonly string[]): Markup {
  const cases = faults.map(
    (fault, index) => markup`    <testcase classname="lab" name="as deployed ${index + 1}">
      <failure type="failed" message="${fault}"/>
    </testcase>`,
  );
  return markup`  <testsuite name="lab" ${counts([], faults)}>
${cases}
  </testsuite>`;
}

function counts(checks: readonly CheckResult[], faults: readonly string[] = []): Markup {
  const { passed, failed } = tally({ checks });
  const bad = failed + faults.length;
  return markup`tests="${passed + bad}" failures="${bad}" errors="0" skipped="0"`;
}

function testcase(suiteName: string, report: Report, receiver: ReceiverReport): Markup {
  const { verdict, expectation, reason } = receiver;
  const title = `${nameText(receiver)} ${expectation === "heard" ? "hears" : "does not hear"} ${groupText(report)}`;
  const told = warningTexts(receiver).map((warning) => markup`<system-out>${warning}</system-out>`);
  if (verdict === "passed" && told.length === 0)
    return markup`    <testcase classname="${suiteName}" name="${title}"/>`;
  if (verdict === "passed") return markup`    <testcase classname="${suiteName}" name="${title}">${told}</testcase>`;
  const must = `must ${mustText(report, receiver)}`;
  const where = `${placeText(receiver)} joins ${joinsText(receiver)}, ${must}, came ${cameText(receiver)}`;
  return markup`    <testcase classname="${suiteName}" name="${title}">
      <failure type="${verdict}" message="${reason}">${where}</failure>${told}
    </testcase>`;
}

function noVerdict(suiteName: string, why: string): Markup {
  return markup`    <testcase classname="${suiteName}" name="verdict">
      <failure type="missing" message="${why}"/>
    </testcase>`;
}
