import { renderHtml, renderJson, renderJunit, renderMatrix } from "../../../cli/report";
import { elementsOf, parseMarkup } from "./markup-tree";
import { labReportOn, resultOf, streamReport } from "./recorded";

const sound = streamReport("healthy");
const warning = "40 packets of 239.1.1.1 came more than once";
const receivers = sound.receivers.map((each, index) => (index === 1 ? { ...each, warnings: [warning] } : each));
const warned = labReportOn(resultOf({ ...sound, receivers }));

test.each<[string, string]>([
  ["text", renderMatrix(warned, { color: false, width: 200 })],
  ["HTML", renderHtml(warned)],
  ["JUnit", renderJunit(warned)],
  ["JSON", renderJson(warned)],
])("a warning stands beside a verdict that passed: %s", (_, text) => {
  expect(warned.ok).toBe(true);
  expect(text.split(warning)).toHaveLength(2);
});

test("in JUnit it is output of the case, which stays passed", () => {
  const [, other] = elementsOf(parseMarkup(renderJunit(warned)), "testcase");
  expect(other?.children.map(({ name, text }) => [name, text])).toEqual([["system-out", `warning: ${warning}`]]);
});
