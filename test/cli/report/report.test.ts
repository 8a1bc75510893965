import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parseLabReport, renderHtml, renderJson, renderJunit, reportFiles, writeReports } from "../../../cli/report";
import { hostileTexts } from "../../helpers/hostile-texts";
import { withText } from "./hostile";
import { labReportOn, resultOf, socatReport, streamReport } from "./recorded";

const healthy = resultOf(streamReport("healthy"));
const broken = resultOf(streamReport("data-nic-down"));
const socat = resultOf(socatReport());
const unjudged = { checkName: "late", namespace: "media" };

test.each([
  ["every check passed", [healthy, socat], true],
  ["one check failed", [healthy, broken], false],
  ["one check has no verdict", [healthy, unjudged], false],
  ["there is no check", [], false],
])("ok when %s: %#", (_, checks, ok) => {
  expect(labReportOn(...checks).ok).toBe(ok);
});

test("the judge's recordings hold what the other tests build on", () => {
  expect(healthy.report?.receivers.map(({ verdict }) => verdict)).toEqual(["passed", "passed", "passed", "passed"]);
  expect(broken.report?.receivers.map(({ verdict }) => verdict)).toEqual([
    "passed",
    "failed",
    "inconclusive",
    "inconclusive",
  ]);
});

test("JSON holds everything, evidence too, and can be read again", () => {
  const report = labReportOn(broken, unjudged);
  const read = parseLabReport(renderJson(report));
  expect(read).toEqual(report);
  expect(read.schemaVersion).toBe(1);
  expect(read.checks[0]?.report?.receivers[1]?.evidence?.carrier).toBe(false);
  expect(read.checks[1]?.report).toBeUndefined();
});

test.each(hostileTexts.map((text) => [text]))("JSON holds hostile text byte for byte: %j", (text) => {
  const read = parseLabReport(renderJson(withText(labReportOn(broken), text)));
  expect(read.labName).toBe(text);
  expect(read.checks[0]?.report?.receivers[1]?.reason).toBe(text);
});

test.each([
  ["another schema version", { ...labReportOn(healthy), schemaVersion: 2 }, /schemaVersion must be 1, got 2/],
  ["a missing field", { ...labReportOn(healthy), checks: undefined, ok: undefined }, /must have checks, ok/],
  ["no report at all", null, /schemaVersion must be 1, got undefined/],
])("fails if JSON has %s", (_, value, message) => {
  expect(() => parseLabReport(JSON.stringify(value))).toThrow(message);
});

test("the files are written whole, for their owner only, and the last ones are replaced", () => {
  const parent = mkdtempSync(path.join(tmpdir(), "report-"));
  const directory = path.join(parent, "reports", "default");
  try {
    writeReports(directory, labReportOn(healthy));
    const report = labReportOn(broken);
    const files = writeReports(directory, report);
    expect(files).toEqual(reportFiles(directory));
    expect(readdirSync(directory).sort()).toEqual(["junit.xml", "report.html", "report.json"]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(Object.values(files).map((file: string) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    expect(readFileSync(files.json, "utf8")).toBe(renderJson(report));
    expect(readFileSync(files.junit, "utf8")).toBe(renderJunit(report));
    expect(readFileSync(files.html, "utf8")).toBe(renderHtml(report));
  } finally {
    rmSync(parent, { recursive: true });
  }
});
