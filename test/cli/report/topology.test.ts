import { topology } from "../../../cli/report/topology";
import { layout, SIZE } from "../../../cli/report/topology-layout";
import type { Report } from "../../../probe/report";
import { elementsOf, everyElement, parseMarkup, type Element } from "./markup-tree";
import { labReportOn, resultOf, streamReport } from "./recorded";

const report = streamReport("data-nic-down");
const lab = labReportOn(resultOf(report));
const [svg] = elementsOf(parseMarkup(`<div>${topology(lab, report).text}</div>`), "svg");

const groupOf = (name: string): Element | undefined =>
  elementsOf(svg!, "g").find((group) => elementsOf(group, "title")[0]?.text.split(/[\n,]|\\u/)[0] === name);
const edgeOf = (name: string): string | undefined =>
  everyElement(groupOf(name)!).find(({ attributes }) => attributes.class?.startsWith("edge"))?.attributes.class;

test("every pod stands on its node, every host is drawn", () => {
  const { hosts } = layout(lab, report);
  expect(hosts.map(({ name, pods }) => [name, pods.map(({ pod }) => pod.name)])).toEqual([
    ["server", ["sender", "same-node"]],
    ["agent", ["other-node", "not-joined", "other-group"]],
    ["external", []],
  ]);
});

test("edges have the colour of the verdict, those to receivers that must stay silent are dashed", () => {
  expect(edgeOf("sender")).toBe("edge sender");
  expect(edgeOf("same-node")).toBe("edge passed");
  expect(edgeOf("other-node")).toBe("edge failed");
  expect(edgeOf("not-joined")).toBe("edge inconclusive dashed");
  expect(edgeOf("other-group")).toBe("edge inconclusive dashed");
});

test("a node that is no host of the lab, and a pod without a node, are drawn as well", () => {
  const away: Report = {
    ...report,
    sender: { ...report.sender, node: undefined },
    receivers: report.receivers.map((receiver) => ({ ...receiver, node: "worker-7" })),
  };
  const drawn = layout({ hosts: [] }, away).hosts.map(({ name, pods }) => [name, pods.length]);
  expect(drawn).toEqual([
    ["no node known", 1],
    ["worker-7", 4],
  ]);
});

test.each([1, 4, 12])("with %d pods on a node boxes do not overlap, lanes differ and edges do not cross", (count) => {
  const receivers = Array.from({ length: count }, (_, index) => ({
    ...report.receivers[1]!,
    name: `receiver-${index}`,
  }));
  const { hosts, hostHeight, busY } = layout(lab, { ...report, receivers });
  const { x, pods } = hosts[1]!;
  expect(pods).toHaveLength(count);
  const bottoms = pods.map((pod) => pod.y + SIZE.pod.height);
  expect(pods.slice(1).every((pod, index) => pod.y > bottoms[index]!)).toBe(true);
  expect(bottoms.at(-1)).toBeLessThan(hostHeight - SIZE.port / 2);
  const lanes = pods.map(({ laneX }) => laneX);
  expect(lanes).toEqual([...new Set(lanes)].sort((left, right) => right - left));
  expect(Math.min(...lanes)).toBeGreaterThan(x + SIZE.podLeft + SIZE.pod.width);
  expect(Math.max(...lanes)).toBeLessThan(x + SIZE.host);
  expect(busY).toBeGreaterThan(hostHeight);
});
