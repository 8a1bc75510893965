import type { ReceiverReport, Report } from "../../probe/report";
import { markup, type Markup } from "./markup";
import type { LabReport } from "./model";
import { layout, SIZE, type Layout, type PlacedHost, type PlacedPod } from "./topology-layout";
import { cameText, checkTitle, groupText, joinsText, lossText, nameText, placeText, SIGNS } from "./words";

/** Of the drawing's own units, in pixels: where there is room, and at least; a narrower screen scrolls. */
const SCALE = { usual: 1.25, least: 0.8 } as const;

/** A check as a drawing: hosts as boxes, the data network as a bus under them, an edge from each pod to the bus. */
export function topology(lab: LabReport, report: Report): Markup {
  const plan = layout(lab, report);
  const { width, height, busY } = plan;
  const title = `Topology of ${checkTitle({ namespace: report.namespace, checkName: report.check })}`;
  const network = ["data network", lab.dataSubnet, groupText(report)]
    .filter((text) => text !== undefined)
    .join("  ·  ");
  return markup`<div class="drawing" tabindex="0">
<svg viewBox="-4 -4 ${width + 8} ${height + 8}" width="${width * SCALE.usual}" style="min-width: ${width * SCALE.least}px" role="img" aria-label="${title}">
${plan.hosts.map((host) => drawHost(host, plan))}
<line class="bus" x1="6" y1="${busY}" x2="${width - 6}" y2="${busY}"/>
<text class="soft" x="${width / 2}" y="${busY + 25}" text-anchor="middle">${network}</text>
${plan.hosts.flatMap(({ pods }) => pods.map((pod) => drawPod(pod, report, plan)))}
</svg>
</div>
${legend()}`;
}

function drawHost({ name, role, address, dataInterface, x, pods }: PlacedHost, { hostHeight, busY }: Layout): Markup {
  const place = address === undefined ? role : `${role}, ${address}`;
  const portX = x + SIZE.podLeft + SIZE.pod.width + 4;
  const middle = (portX + x + SIZE.host - 4) / 2;
  const idle = markup`<text class="soft" x="${x + 10}" y="76">no pod of this check</text>
<line class="uplink" x1="${middle}" y1="${hostHeight}" x2="${middle}" y2="${busY}"/>`;
  return markup`<g>
<title>${`${name}, ${place}`}</title>
<rect class="host" x="${x}" y="0" width="${SIZE.host}" height="${hostHeight}" rx="9"/>
<text class="strong" x="${x + 10}" y="23">${shortened(name, 24)}</text>
<text class="soft" x="${x + 10}" y="42">${shortened(place, 30)}</text>
${pods.length === 0 ? idle : undefined}
<rect class="port" x="${portX}" y="${hostHeight - 11}" width="${x + SIZE.host - 4 - portX}" height="22" rx="4"/>
<text class="soft" x="${portX - 6}" y="${hostHeight - 8}" text-anchor="end">${shortened(dataInterface, 15)}</text>
</g>`;
}

function drawPod(placed: PlacedPod, report: Report, { busY }: Layout): Markup {
  const { pod, receiver, x, y } = placed;
  const { width, height } = SIZE.pod;
  const kind = receiver?.verdict ?? "sender";
  const address = pod.addresses[0] ?? "no address";
  const count = receiver ? countText(report, receiver) : `to ${groupText(report)}`;
  const joins = receiver ? `joins ${joinsText(receiver)}` : "";
  return markup`<g>
<title>${[nameText(pod), placeText(pod), address, joins, count, receiver?.reason ?? ""].filter((text) => text !== "").join("\n")}</title>
${drawEdge(placed, busY)}
<rect class="pod ${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="7"/>
<text class="strong" x="${x + 10}" y="${y + 18}">${shortened(pod.name, 15)}</text>
<text class="sign ${kind}" x="${x + width - 10}" y="${y + 18}" text-anchor="end">${receiver ? SIGNS[receiver.verdict] : "▲"}</text>
<text class="soft" x="${x + 10}" y="${y + 34}">${shortened(receiver ? joins : address, 22)}</text>
<text x="${x + 10}" y="${y + 50}">${shortened(count, 22)}</text>
</g>`;
}

/** From the pod sideways to its lane, then down to the bus; the arrow's head is where datagrams go. */
function drawEdge({ receiver, x, y, laneX }: PlacedPod, busY: number): Markup {
  const startX = x + SIZE.pod.width;
  const startY = y + SIZE.pod.height / 2;
  const kind = receiver?.verdict ?? "sender";
  const dashed = receiver?.expectation === "silent" ? " dashed" : "";
  const head = receiver ? `M${startX + 1} ${startY} l7 -4.5 v9 z` : `M${laneX} ${busY - 4} l-4.5 -8 h9 z`;
  return markup`<path class="edge ${kind}${dashed}" d="M${startX} ${startY} H${laneX} V${busY}"/>
<circle class="dot ${kind}" cx="${laneX}" cy="${busY}" r="4.5"/>
<path class="dot ${kind}" d="${head}"/>`;
}

function countText(report: Report, receiver: ReceiverReport): string {
  if (receiver.expectation === "silent") return `must be silent, ${cameText(receiver)}`;
  const loss = lossText(report, receiver);
  return loss === "-" ? `came ${cameText(receiver)}` : `${cameText(receiver)}, loss ${loss}`;
}

function legend(): Markup {
  const entry = (kind: string, text: string): Markup =>
    markup`<span><svg width="30" height="10" aria-hidden="true"><line class="edge ${kind}" x1="1" y1="5" x2="29" y2="5"/></svg>${text}</span>`;
  return markup`<div class="legend">
${entry("sender", "sends")}
${entry("passed", "as expected")}
${entry("failed", "not as expected")}
${entry("inconclusive", "proves nothing")}
${entry("inconclusive dashed", "dashed: must stay silent")}
</div>`;
}

/** Text in SVG does not wrap; all of it is in the element's title. */
function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
