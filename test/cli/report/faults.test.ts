/** What is no check's: a check that could not judge, and a lab that is not as it was deployed. */
import { labReport, renderHtml, renderJunit, renderMatrix, type LabReport } from "../../../cli/report";
import { elementsOf, parseMarkup } from "./markup-tree";
import { labReportOn, resultOf, streamReport } from "./recorded";

const drift = 'NetworkAttachmentDefinition media/plane is not as it was deployed: spec.config is empty instead of "{}"';
const note = "put right: Pod media/sender is gone";
const fault = "no verdict: ConfigMap media/late-report holds the report of another run";
const healthy = labReportOn(resultOf(streamReport("healthy")));
const late = { checkName: "late", namespace: "media", fault };
const withFaults: LabReport = labReport({ ...healthy, faults: [drift], notes: [note] });
const withLate = labReport({ ...healthy, checks: [...healthy.checks, late] });
const terminal = { color: false, width: Infinity };

test("a lab that is not as it was deployed has not passed, though all its checks have", () => {
  expect(healthy.ok).toBe(true);
  expect(withFaults.ok).toBe(false);
  expect(labReport({ ...healthy, notes: [note] }).ok).toBe(true);
});

test("the terminal is told what is wrong with the lab, and what was put right", () => {
  const lines = renderMatrix(withFaults, terminal).split("\n");
  expect(lines).toContain(`✗ ${drift}`);
  expect(lines).toContain(note);
  expect(lines.at(-1)).toMatch(
    /^lab default: FAILED, 4 of 4 expectations held in 1 check, but a fault of the lab itself,/,
  );
});

test("JUnit has a failed case for it, and counts it", () => {
  const root = parseMarkup(renderJunit(withFaults));
  expect(root.attributes).toMatchObject({ tests: "5", failures: "1" });
  const suite = elementsOf(root, "testsuite").at(-1);
  expect(suite?.attributes).toMatchObject({ name: "lab", tests: "1", failures: "1" });
  expect(elementsOf(root, "failure").map(({ attributes }) => attributes.message)).toEqual([drift]);
});

test("the page says it before anything else", () => {
  const [header] = elementsOf(parseMarkup(renderHtml(withFaults)), "header");
  expect(header?.attributes.class).toBe("failed");
  expect(header?.text).toContain(drift);
  expect(header?.text).toContain(note);
});

test.each([
  ["terminal", (report: LabReport) => renderMatrix(report, terminal), `✗ media/late: ${fault}`],
  [
    "JUnit",
    (report: LabReport) => elementsOf(parseMarkup(renderJunit(report)), "failure")[0]!.attributes.message!,
    fault,
  ],
  [
    "page",
    (report: LabReport) => elementsOf(parseMarkup(renderHtml(report)), "header")[0]!.text,
    `media/late: ${fault}`,
  ],
])("a check that could not judge says why: %s", (_, render, text) => {
  expect(withLate.ok).toBe(false);
  expect(render(withLate)).toContain(text);
});
