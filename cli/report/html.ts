import type { ReceiverReport, Report } from "../../probe/report";
import { escapeMarkup } from "./markup";
import { lossText } from "./matrix";
import type { LabReport } from "./model";
import { topology } from "./topology";

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2430; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { border: 1px solid #c9d1dc; padding: .3rem .6rem; text-align: left; }
th { background: #eef2f7; } .passed { color: #12703a; } .failed, .inconclusive { color: #b3261e; font-weight: 600; }
details { margin: .3rem 0; } pre { background: #f5f7fa; padding: .6rem; overflow-x: auto; } svg { width: 100%; height: auto; }
svg .network { stroke: #5b6b80; stroke-width: 4; } svg .nic { stroke: #5b6b80; stroke-width: 2; }
svg .host { fill: #f5f7fa; stroke: #5b6b80; } svg text { font: 12px system-ui, sans-serif; fill: #1c2430; }
svg .name { font-weight: 600; font-size: 14px; } svg .pod { fill: #d7f0df; stroke: #12703a; }
svg .pod.sender { fill: #dbe7fb; stroke: #1f4fa3; } svg .pod.failed, svg .pod.inconclusive { fill: #fbdcd9; stroke: #b3261e; }
svg .pod-label { font-size: 11px; }
`;

/** The report as one HTML file that loads nothing from elsewhere. */
export function html(report: LabReport): string {
  const title = escapeMarkup(`Lab ${report.lab}: ${report.verdict}`);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head><body>`,
    `<h1 class="${report.verdict}">${title}</h1>`,
    `<p>Measured by ${escapeMarkup(report.measuredBy)} at ${report.writtenAt}, kernel ${escapeMarkup(report.kernel)}.</p>`,
    topology(report),
    ...report.checks.map(checkSection),
    "<h2>Artifacts</h2>",
    table(
      ["artifact", "kind", "from", "version", "SHA-256"],
      report.artifacts.map(({ name, kind, origin, version, sha256 }) => [name, kind, origin, version, sha256]),
    ),
    "<h2>Time</h2>",
    table(
      ["phase", "seconds"],
      Object.entries(report.phases).map(([phase, seconds]) => [phase, seconds.toFixed(1)]),
    ),
    "</body></html>\n",
  ].join("\n");
}

function checkSection(check: Report): string {
  const what = `${check.group}:${check.port}, TTL ${check.ttl}, on ${check.interface}, image ${check.image}`;
  const sender = `Sent by ${check.sender.name} (${check.sender.pod}) on ${check.sender.node ?? "?"}, ${check.sender.addresses.join(", ")}.`;
  return [
    `<h2 class="${check.verdict}">${escapeMarkup(`${check.namespace}/${check.check}: ${check.verdict}`)}</h2>`,
    `<p>${escapeMarkup(what)}<br>${escapeMarkup(sender)}<br>${escapeMarkup(check.summary)}</p>`,
    table(
      ["receiver", "node", "expected", "sent", "came", "loss", "verdict", "reason"],
      check.receivers.map(receiverCells),
    ),
    ...[check.sender, ...check.receivers].map(
      ({ name, evidence }) =>
        `<details><summary>evidence of ${escapeMarkup(name)}</summary><pre>${escapeMarkup(JSON.stringify(evidence ?? null, undefined, 2))}</pre></details>`,
    ),
  ].join("\n");
}

function receiverCells(receiver: ReceiverReport): string[] {
  const { name, node, expectation, numbers, verdict, reason } = receiver;
  const expected = expectation === "heard" ? "hears" : "silent";
  const [sent, came] = [String(numbers.sent), String(numbers.received)];
  return [name, node ?? "?", expected, sent, came, lossText(receiver), verdict, reason];
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => {
    const mark = ["passed", "failed", "inconclusive"].includes(text) ? ` class="${text}"` : "";
    return `<td${mark}>${escapeMarkup(text)}</td>`;
  };
  return [
    `<table><tr>${headings.map((heading) => `<th>${escapeMarkup(heading)}</th>`).join("")}</tr>`,
    ...rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`),
    "</table>",
  ].join("\n");
}
