import { renderHtml } from "../../../cli/report";
import { visible } from "../../../probe/visible";
import { hostileTexts } from "../../helpers/hostile-texts";
import { withText } from "./hostile";
import { elementsOf, everyElement, parseMarkup, shapeOf, type Element } from "./markup-tree";
import { labReportOn, resultOf, socatReport, streamReport } from "./recorded";

const healthy = labReportOn(resultOf(streamReport("healthy")), resultOf(socatReport()));
const broken = labReportOn(resultOf(streamReport("data-nic-down")), { checkName: "late", namespace: "media" });

const page = parseMarkup(renderHtml(broken));
const withClass = (root: Element, name: string): Element[] =>
  everyElement(root).filter(({ attributes }) => attributes.class?.split(" ").includes(name));
const textsOf = (elements: readonly Element[]): string[] =>
  elements.map(({ text }) => text.replace(/\s+/g, " ").trim());

test("the page names the lab, its verdict and every cause first", () => {
  const [header] = elementsOf(page, "header");
  expect(textsOf(elementsOf(header!, "h1"))).toEqual(["Lab default"]);
  expect(textsOf(withClass(header!, "badge"))).toEqual(["✗ failed"]);
  const causes = textsOf(elementsOf(header!, "li"));
  expect(causes).toHaveLength(4);
  expect(causes[0]).toMatch(/^media\/plane, other-node: heard 0 of 80 .* has no carrier/);
  expect(causes[3]).toMatch(/^media\/late: no verdict/);
  expect(withClass(parseMarkup(renderHtml(healthy)), "causes")).toEqual([]);
});

test("the matrix says of each receiver what must be, what came and why", () => {
  const [table] = withClass(page, "matrix");
  const rows = elementsOf(table!, "tr").map((row) => textsOf(elementsOf(row, "td")));
  expect(rows[1]).toEqual(["same-node", "server", "239.1.1.1", "hear", "80/80", "0.0 %", "✓ passed"]);
  expect(rows[2]).toEqual(["other-node", "agent", "239.1.1.1", "hear", "0/80", "100.0 %", "✗ failed"]);
  expect(rows[3]?.[0]).toMatch(/^heard 0 of 80 packets/);
});

test("evidence of every pod can be unfolded, with all that the probe saw", () => {
  const details = elementsOf(page, "details");
  expect(details).toHaveLength(5);
  const terms = textsOf(elementsOf(details[2]!, "dt"));
  const values = textsOf(elementsOf(details[2]!, "dd"));
  const fact = (name: string) => values[terms.indexOf(name)];
  expect(fact("mtu")).toBe("1500");
  expect(fact("carrier")).toBe("false");
  expect(fact("received")).toBe("0");
  expect(fact("memberships")).toMatch(/groups .*239\.1\.1\.1/);
});

test("phases are bars on one scale, with targets, and one that took too long says so", () => {
  const phases = withClass(page, "phase");
  expect(textsOf(phases)).toEqual([
    "hosts 9.2 s",
    "cluster 61.5 s over 50 s",
    "verdict 14.1 s of 20 s",
    "up, in all 104.3 s of 120 s",
  ]);
  const widths = withClass(page, "bar").map(({ attributes }) => attributes.style);
  expect(widths).toEqual(["width: 7.67%", "width: 51.25%", "width: 11.75%", "width: 86.92%"]);
  expect(withClass(page, "target")).toHaveLength(3);
});

test("artifacts say what they are and where they come from", () => {
  const rows = textsOf(elementsOf(page, "tr"));
  expect(rows).toContainEqual(expect.stringMatching(/^terraform\s*real\s*machine\s*1\.11\.4$/));
  expect(rows).toContainEqual(expect.stringMatching(/^k3s\s*stand-in\s*packages\s*v1\.34\.4\+k3s1-embedded/));
});

test("nothing is loaded from elsewhere and nothing runs", () => {
  const elements = everyElement(page);
  const active = [
    "script",
    "link",
    "img",
    "image",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "use",
    "foreignObject",
  ];
  expect(elements.filter(({ name }) => active.includes(name))).toEqual([]);
  const loading = elements.flatMap(({ attributes }) =>
    Object.entries(attributes).filter(
      ([name, value]) =>
        /^(on.*|src|srcset|data|action|xlink:href)$/.test(name) || (name === "href" && !value.startsWith("#")),
    ),
  );
  expect(loading).toEqual([]);
  expect(elementsOf(page, "style")[0]?.text).not.toMatch(/url\(|@import|expression/);
  expect(elementsOf(page, "meta").map(({ attributes }) => attributes.content)).toContainEqual(
    expect.stringContaining("default-src 'none'"),
  );
});

test.each(hostileTexts.filter((text) => text !== "").map((text) => [text]))("hostile text stays text: %j", (text) => {
  const hostile = parseMarkup(renderHtml(withText(broken, text)));
  expect(shapeOf(hostile)).toBe(shapeOf(parseMarkup(renderHtml(withText(broken, "x")))));
  expect(elementsOf(hostile, "h1")[0]?.text).toBe(`Lab ${visible(text)}`);
});

test("markup in a text is shown, not taken", () => {
  const attack = `</style></svg></title><script>alert(1)</script><img src=x onerror="alert(1)">`;
  const html = renderHtml(withText(broken, attack));
  expect(html).not.toMatch(/<script|<img/);
  expect(elementsOf(parseMarkup(html), "h1")[0]?.text).toBe(`Lab ${attack}`);
});
