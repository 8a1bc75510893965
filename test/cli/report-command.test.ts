import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { report } from "../../cli/commands/report";
import { lastReport } from "../../cli/measured";
import { labReport, reportFiles, writeReports } from "../../cli/report";
import { deploymentId } from "../../cli/terraform/state";
import { labReportOn, resultOf, streamReport } from "./report/recorded";

const healthy = labReportOn(resultOf(streamReport("healthy")));
const options = { name: "default", yes: false, json: false };
const { LAB_HOME } = process.env;
let home: string;
let printed: string[];

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "report-command-"));
  process.env.LAB_HOME = home;
  printed = [];
  jest.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
});

afterEach(() => {
  jest.restoreAllMocks();
  process.env.LAB_HOME = LAB_HOME;
  if (LAB_HOME === undefined) delete process.env.LAB_HOME;
  rmSync(home, { recursive: true });
});

const reports = () => path.join(home, "reports/default");

/** A lab as the command line finds it, with a state file. */
function labWith(state: string): string {
  const directory = path.join(home, "labs/default");
  mkdirSync(path.join(directory, "state"), { recursive: true });
  mkdirSync(path.join(home, "indices"), { recursive: true });
  writeFileSync(path.join(home, "indices/0"), "default");
  writeFileSync(path.join(directory, "inventory.json"), "{}");
  writeFileSync(path.join(directory, "state/lab.tfstate"), state);
  return path.join(directory, "state");
}

test("it says when, and that nothing was deployed since", async () => {
  const state = labWith('{"serial":1}');
  writeReports(reports(), labReport({ ...healthy, deployment: await deploymentId(state) }));
  expect(await report(options)).toBe(0);
  expect(printed.join("")).toMatch(/^judged by up at 2026-11-21T12:00:14\.000Z, .* ago; nothing was deployed since/m);
});

test("it says that the lab was deployed again since", async () => {
  const state = labWith('{"serial":1}');
  writeReports(reports(), labReport({ ...healthy, deployment: await deploymentId(state) }));
  writeFileSync(path.join(state, "lab.tfstate"), '{"serial":2}');
  await report(options);
  expect(printed.join("")).toMatch(/ago; the lab was deployed again since, without a verdict/);
});

test("it says that the lab is gone", async () => {
  writeReports(reports(), healthy);
  await report(options);
  expect(printed.join("")).toMatch(/ago; the lab was taken down since/);
});

test.each([
  ["empty", "", "it is empty"],
  ["half written", '{"schemaVersion":1,', "JSON"],
  ["of another version", '{"schemaVersion":9}', "schemaVersion must be 1, got 9"],
])("fails if the last report is %s, with the file's name and what to do", async (_, text, why) => {
  writeReports(reports(), healthy);
  writeFileSync(reportFiles(reports()).json, text);
  const failure = report(options);
  await expect(failure).rejects.toThrow(`${reportFiles(reports()).json} is no report: `);
  await expect(failure).rejects.toThrow(why);
  await expect(failure).rejects.toThrow("./lab verify");
});

test("without a report there is none", async () => {
  expect(await lastReport(reports())).toBeUndefined();
});
