import { renderMatrix } from "../../../cli/report";
import { hostileTexts } from "../../helpers/hostile-texts";
import { withText } from "./hostile";
import { labReportOn, resultOf, socatReport, streamReport } from "./recorded";

const healthy = labReportOn(resultOf(streamReport("healthy")), resultOf(socatReport()));
const broken = labReportOn(resultOf(streamReport("data-nic-down")), resultOf(socatReport()));

const plain = { color: false, width: Infinity };

/** Cells of the rows that begin with one of the receivers' names. */
function rowsOf(text: string): string[][] {
  const rows = text.split("\n").map((line) => line.trim().split(/ {2,}/));
  return rows.filter((cells) => cells.length > 5 && cells[0] !== "receiver");
}

test("a row for each receiver: node, what it joins, what it must do, what came, loss, verdict", () => {
  expect(rowsOf(renderMatrix(healthy, plain))).toEqual([
    ["same-node", "server", "239.1.1.1", "hear", "80/80", "0.0 %", "✓ passed"],
    ["other-node", "agent", "239.1.1.1", "hear", "80/80", "0.0 %", "✓ passed"],
    ["not-joined", "agent", "nothing", "stay silent", "0/80", "-", "✓ passed"],
    ["other-group", "agent", "239.1.1.2", "stay silent", "0/80", "-", "✓ passed"],
    ["mlistener", "agent", "224.1.0.1", "answer", "1/3", "-", "✓ passed"],
  ]);
});

test("the header of a check names group, sender, node and window", () => {
  const [title, stream, sender] = renderMatrix(healthy, plain).split("\n");
  expect(title).toBe("✓ media/plane: 4 of 4 expectations met for 239.1.1.1:5004 over 4 s");
  expect(stream).toContain("239.1.1.1:5004, TTL 4, on plane (net1), control group 239.1.129.1, window 4 s");
  expect(sender).toBe("  sent by sender, pod plane-sender on node server, 198.19.0.10/24");
});

test("a failed row has its reason below it, a passed one has not", () => {
  const lines = renderMatrix(broken, plain).split("\n");
  const below = (name: string) => lines[lines.findIndex((line) => line.startsWith(`  ${name}`)) + 1];
  expect(below("other-node")).toMatch(/^ {6}heard 0 of 80 packets of .* net1 has no carrier/);
  expect(below("not-joined")).toMatch(/^ {6}heard 0 of 80 .* silence proves nothing/);
  expect(below("same-node")).toMatch(/^ {2}other-node/);
  expect(rowsOf(renderMatrix(broken, plain)).map((cells) => cells.at(-1))).toEqual([
    "✓ passed",
    "✗ FAILED",
    "? INCONCLUSIVE",
    "? INCONCLUSIVE",
    "✓ passed",
  ]);
});

test.each([
  ["every expectation held", healthy, "lab default: PASSED, 5 of 5 expectations held in 2 checks, up took 104 s"],
  ["some did not", broken, "lab default: FAILED, 2 of 5 expectations held in 2 checks, up took 104 s"],
  ["there was no check", labReportOn(), "lab default: FAILED, no check has judged in 0 checks, up took 104 s"],
])("the last line sums up when %s", (_, report, line) => {
  expect(renderMatrix(report, plain).split("\n").at(-1)).toBe(line);
});

test("a check without a verdict is shown as failed", () => {
  const text = renderMatrix(labReportOn({ checkName: "late", namespace: "media" }), plain);
  expect(text).toContain("✗ media/late: no verdict");
  expect(text.split("\n").at(-1)).toContain("FAILED, 0 of 1 expectations");
});

test.each([66, 80, 100, 140])("no line is wider than %d columns", (width) => {
  const text = renderMatrix(broken, { color: false, width });
  expect(text.split("\n").filter((line) => line.length > width)).toEqual([]);
});

test("cells that are broken lose nothing", () => {
  const [wide, narrow] = [Infinity, 66].map((width) => renderMatrix(broken, { color: false, width }));
  const letters = (text = ""): string => [...text.replace(/\s/g, "")].sort().join("");
  expect(letters(narrow)).toBe(letters(wide));
});

test("colours add nothing but colours, and only where they are wanted", () => {
  const [dull, colored] = [false, true].map((color) => renderMatrix(broken, { color, width: 80 }));
  const code = /\p{Cc}\[[0-9;]+m/gu;
  expect(colored?.match(code)?.length).toBeGreaterThan(5);
  expect(colored?.replace(code, "")).toBe(dull);
  expect(dull).not.toContain("\u001b");
});

test.each(hostileTexts.map((text) => [text]))("hostile text reaches no terminal: %j", (text) => {
  const shown = renderMatrix(withText(broken, text), { color: false, width: 80 });
  expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(shown.match(/FAILED|INCONCLUSIVE/g)).toHaveLength(4);
});
