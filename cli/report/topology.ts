import type { PodReport, ReceiverVerdict, Report } from "../../probe/report";
import { escapeMarkup } from "./markup";
import type { LabReport, ReportedHost } from "./model";

const HOST_WIDTH = 250;
const GAP = 30;
const POD_HEIGHT = 26;
const TOP = 70;

/** A pod in the drawing. */
interface DrawnPod {
  readonly label: string;
  readonly address: string;
  readonly node?: string;
  readonly verdict: ReceiverVerdict | "sender";
}

/** The lab as an SVG drawing: both networks, the hosts between them, and on each host the pods of all checks. */
export function topology(report: LabReport): string {
  const pods = report.checks.flatMap(drawnPods);
  const tallest = Math.max(1, ...report.hosts.map(({ name }) => pods.filter(({ node }) => node === name).length));
  const hostHeight = 60 + tallest * POD_HEIGHT;
  const width = GAP + report.hosts.length * (HOST_WIDTH + GAP);
  const bottom = TOP + hostHeight + 50;
  const drawing = report.hosts.map((host, index) =>
    drawHost(
      host,
      pods.filter(({ node }) => node === host.name),
      GAP + index * (HOST_WIDTH + GAP),
      hostHeight,
    ),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 30}" role="img" aria-label="Topology of the lab">`,
    drawNetwork(`management network`, 20, width),
    drawNetwork(`data network ${report.dataSubnet}`, bottom, width),
    ...drawing,
    "</svg>",
  ].join("\n");
}

function drawnPods(check: Report): DrawnPod[] {
  const drawn = (pod: PodReport, verdict: DrawnPod["verdict"]): DrawnPod => ({
    label: `${check.check}/${pod.name}`,
    address: pod.addresses[0] ?? "",
    node: pod.node,
    verdict,
  });
  return [drawn(check.sender, "sender"), ...check.receivers.map((receiver) => drawn(receiver, receiver.verdict))];
}

function drawNetwork(label: string, y: number, width: number): string {
  return [
    `<line class="network" x1="${GAP}" y1="${y}" x2="${width - GAP}" y2="${y}"/>`,
    `<text class="label" x="${GAP}" y="${y - 6}">${escapeMarkup(label)}</text>`,
  ].join("\n");
}

function drawHost(host: ReportedHost, pods: readonly DrawnPod[], x: number, height: number): string {
  const middle = x + HOST_WIDTH / 2;
  return [
    `<line class="nic" x1="${middle}" y1="20" x2="${middle}" y2="${TOP}"/>`,
    `<line class="nic" x1="${middle}" y1="${TOP + height}" x2="${middle}" y2="${TOP + height + 50}"/>`,
    `<text class="label" x="${middle + 6}" y="${TOP - 12}">${escapeMarkup(`${host.managementInterface} ${host.address}`)}</text>`,
    `<text class="label" x="${middle + 6}" y="${TOP + height + 24}">${escapeMarkup(host.dataInterface)}</text>`,
    `<rect class="host" x="${x}" y="${TOP}" width="${HOST_WIDTH}" height="${height}" rx="6"/>`,
    `<text class="name" x="${x + 12}" y="${TOP + 24}">${escapeMarkup(`${host.name} (${host.role})`)}</text>`,
    ...pods.map((pod, index) => drawPod(pod, x + 10, TOP + 38 + index * POD_HEIGHT)),
  ].join("\n");
}

function drawPod({ label, address, verdict }: DrawnPod, x: number, y: number): string {
  const text = `${label} ${address}`.trim();
  return [
    `<g><title>${escapeMarkup(text)}</title>`,
    `<rect class="pod ${verdict}" x="${x}" y="${y}" width="${HOST_WIDTH - 20}" height="${POD_HEIGHT - 5}" rx="4"/>`,
    `<text class="pod-label" x="${x + 8}" y="${y + 15}">${escapeMarkup(text.slice(0, 44))}</text></g>`,
  ].join("\n");
}
