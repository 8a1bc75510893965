/** Where rows say that something ran when it was not simply a pod of the check's namespace, and what else than IPv4 multicast was judged. */
import { renderHtml, renderJunit, renderMatrix } from "../../../cli/report";
import { failureMessages } from "../../../probe/publish";
import type { Report } from "../../../probe/report";
import { hostileTexts } from "../../helpers/hostile-texts";
import { withText } from "./hostile";
import { elementsOf, parseMarkup, shapeOf } from "./markup-tree";
import { labReportOn, resultOf, streamReport } from "./recorded";

/** IPv6, sent by a machine outside; two receivers also judged by unicast, one of them in another namespace and failed. */
function mixed(): Report {
  const report = streamReport("healthy");
  const [near, far, deaf, ...rest] = report.receivers;
  const unicast = (received: number) => ({ unicastSent: 80, unicastReceived: received });
  return {
    ...report,
    group: "ff15::1:1",
    verdict: "failed",
    sender: { ...report.sender, node: "desk", external: true },
    receivers: [
      { ...near!, unicast: "heard", numbers: { ...near!.numbers, ...unicast(80) } },
      { ...far!, node: "desk", external: true, pod: "plane-outside", verdict: "failed" },
      {
        ...deaf!,
        namespace: "other",
        unicast: "silent",
        verdict: "failed",
        numbers: { ...deaf!.numbers, ...unicast(1) },
      },
      ...rest,
    ],
  };
}

const lab = labReportOn(resultOf(mixed()));
const cellsOf = (line: string) => line.trim().split(/ {2,}/);

test("the matrix names the host outside, the other namespace, the family and what came by unicast", () => {
  const lines = renderMatrix(lab, { color: false, width: Infinity }).split("\n");
  expect(lines[1]).toContain("IPv6, [ff15::1:1]:5004, TTL 4");
  expect(lines[2]).toBe("  sent by sender, program plane-sender on external host desk, 198.19.0.10/24");
  const rows = lines.filter((line) => / (passed|FAILED)$/.test(line)).map((line) => cellsOf(line).slice(0, 5));
  expect(rows).toEqual([
    ["same-node", "server", "239.1.1.1", "hear, hear unicast", "80/80, unicast 80/80"],
    ["other-node", "external host desk", "239.1.1.1", "hear", "80/80"],
    ["not-joined (namespace other)", "agent", "nothing", "stay silent, no unicast", "0/80, unicast 1/80"],
    ["other-group", "agent", "239.1.1.2", "stay silent", "0/80"],
  ]);
});

test.each([66, 80, 100])("no line of it is wider than %d columns", (width) => {
  const lines = renderMatrix(lab, { color: false, width }).split("\n");
  expect(lines.filter((line) => line.length > width)).toEqual([]);
});

test("JUnit and the page say it in the same words", () => {
  const cases = elementsOf(parseMarkup(renderJunit(lab)), "testcase");
  expect(cases[2]?.attributes.name).toBe("not-joined (namespace other) does not hear [ff15::1:1]:5004");
  expect(cases[1]?.children[0]?.text).toContain("program plane-outside on external host desk joins 239.1.1.1");
  expect(cases[2]?.children[0]?.text).toContain("pod other/plane-not-joined on node agent joins nothing");
  const page = parseMarkup(renderHtml(lab));
  const texts = elementsOf(page, "summary").map(({ text }) => text);
  expect(texts[0]).toContain("program plane-sender on external host desk");
  expect(texts[3]).toContain("pod other/plane-not-joined on node agent");
  expect(elementsOf(page, "td").map(({ text }) => text)).toContain("external host desk");
});

test("the deploy's error says where each one that failed is", () => {
  const messages = failureMessages(mixed());
  expect(messages).toEqual([
    expect.stringMatching(/^receiver other-node \(external host desk\) /),
    expect.stringMatching(/^receiver not-joined \(namespace other, node agent\) /),
  ]);
});

test.each(hostileTexts.filter((text) => text !== "").map((text) => [text]))("hostile text stays text: %j", (text) => {
  for (const render of [renderHtml, renderJunit])
    expect(shapeOf(parseMarkup(render(withText(lab, text))))).toBe(shapeOf(parseMarkup(render(withText(lab, "x")))));
});
