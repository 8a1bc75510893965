import { renderJunit } from "../../../cli/report";
import { visible } from "../../../probe/visible";
import { hostileTexts } from "../../helpers/hostile-texts";
import { withText } from "./hostile";
import { elementsOf, parseMarkup, shapeOf } from "./markup-tree";
import { labReportOn, resultOf, socatReport, streamReport } from "./recorded";

const broken = labReportOn(resultOf(streamReport("data-nic-down")), resultOf(socatReport()), {
  checkName: "late",
  namespace: "media",
});

test("a suite for each check, a case for each receiver, the counts of each", () => {
  const root = parseMarkup(renderJunit(broken));
  expect(root.name).toBe("testsuites");
  expect(root.attributes).toMatchObject({ name: "default", tests: "6", failures: "4", time: "104.300" });
  const suites = root.children.map(({ attributes, children }) => [
    attributes.name,
    attributes.failures,
    children.length,
  ]);
  expect(suites).toEqual([
    ["media/plane", "3", 4],
    ["media/documents", "0", 1],
    ["media/late", "1", 1],
  ]);
});

test("a failure's message is the reason, its text says where; a passed case has none", () => {
  const [same, other, deaf] = elementsOf(parseMarkup(renderJunit(broken)), "testcase");
  expect(same?.children).toEqual([]);
  expect(other?.attributes).toEqual({ classname: "media/plane", name: "other-node hears 239.1.1.1:5004" });
  const [failure] = other?.children ?? [];
  expect(failure?.attributes).toEqual({ type: "failed", message: broken.checks[0]?.report?.receivers[1]?.reason });
  expect(failure?.text).toBe("pod plane-other-node on node agent joins 239.1.1.1, must hear, came 0/80");
  expect(deaf?.children[0]?.attributes.type).toBe("inconclusive");
});

test("a check without a verdict is a failed case", () => {
  const failures = elementsOf(parseMarkup(renderJunit(broken)), "failure");
  expect(failures.at(-1)?.attributes).toMatchObject({
    type: "missing",
    message: expect.stringContaining("no verdict"),
  });
});

test.each(hostileTexts.map((text) => [text]))("hostile text stays text: %j", (text) => {
  const root = parseMarkup(renderJunit(withText(broken, text)));
  expect(shapeOf(root)).toBe(shapeOf(parseMarkup(renderJunit(withText(broken, "x")))));
  expect(elementsOf(root, "failure")[0]?.attributes.message).toBe(visible(text));
});
