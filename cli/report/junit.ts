import type { ReceiverReport, Report } from "../../probe/report";
import { escapeMarkup } from "./markup";
import type { LabReport } from "./model";

/** JUnit XML: a suite for each check, a case for each receiver (https://github.com/testmoapp/junitxml). */
export function junit(report: LabReport): string {
  const suites = report.checks.map((check) => suite(check));
  const cases = report.checks.flatMap(({ receivers }) => receivers);
  const counts = `tests="${cases.length}" failures="${cases.filter(failed).length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeMarkup(report.lab)}" ${counts} timestamp="${report.writtenAt}">`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function suite({ check, namespace, receivers, times }: Report): string {
  const name = escapeMarkup(`${namespace}/${check}`);
  const failures = receivers.filter(failed).length;
  return [
    `  <testsuite name="${name}" tests="${receivers.length}" failures="${failures}" time="${times.judgedSeconds}">`,
    ...receivers.map((receiver) => testcase(name, receiver)),
    "  </testsuite>",
  ].join("\n");
}

function testcase(suiteName: string, receiver: ReceiverReport): string {
  const title = escapeMarkup(`${receiver.name} ${receiver.expectation === "heard" ? "hears" : "hears nothing"}`);
  const open = `    <testcase classname="${suiteName}" name="${title}"`;
  if (!failed(receiver)) return `${open}/>`;
  const { verdict, reason } = receiver;
  return `${open}><failure type="${verdict}" message="${escapeMarkup(reason)}"/></testcase>`;
}

function failed({ verdict }: ReceiverReport): boolean {
  return verdict !== "passed";
}
