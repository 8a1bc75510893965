import type { PodReport, ReceiverReport, Report } from "../../probe/report";
import { markup, type Markup } from "./markup";
import type { CheckResult, LabReport } from "./model";
import { topology } from "./topology";
import {
  cameText,
  checkTitle,
  joinsText,
  lossText,
  mustText,
  nameText,
  nodeText,
  noVerdictText,
  placeText,
  senderText,
  SIGNS,
  streamText,
  warningTexts,
} from "./words";

/** One check: what was sent, the drawing, the matrix and the evidence. */
export function checkSection(lab: LabReport, check: CheckResult, index: number): Markup {
  const { report } = check;
  const heading = markup`<div class="title"><h2>${checkTitle(check)}</h2>${badge(report?.verdict ?? "failed")}</div>`;
  if (report === undefined)
    return markup`<section id="check-${index}">${heading}<p>${noVerdictText(check)}</p></section>`;
  return markup`<section id="check-${index}">
${heading}
<p>${report.summary}</p>
<p class="soft">${streamText(report)}<br />${senderText(report)}<br />image <code>${report.image}</code></p>
${topology(lab, report)}
${matrixTable(report)}
<div class="evidence">
${[report.sender, ...report.receivers].map((pod) => evidenceOf(pod))}
</div>
</section>`;
}

/** A verdict as a word and a sign on a colour. */
export function badge(verdict: ReceiverReport["verdict"]): Markup {
  return markup`<span class="badge ${verdict}">${SIGNS[verdict]} ${verdict}</span>`;
}

const HEADINGS = ["receiver", "node", "joins", "must", "came", "loss", "verdict"];

function matrixTable(report: Report): Markup {
  return markup`<table class="matrix">
<thead><tr>${HEADINGS.map((heading) => markup`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>
${report.receivers.map((receiver) => matrixRow(report, receiver))}
</tbody>
</table>`;
}

function matrixRow(report: Report, receiver: ReceiverReport): Markup {
  const { verdict, reason } = receiver;
  const cells = [
    nodeText(receiver),
    joinsText(receiver),
    mustText(report, receiver),
    cameText(receiver),
    lossText(report, receiver),
  ];
  const why = markup`<tr class="reason ${verdict}"><td colspan="${HEADINGS.length}">${reason}</td></tr>`;
  return markup`<tr><td><strong>${nameText(receiver)}</strong></td>${cells.map((text, column) => labelled(HEADINGS[column + 1] ?? "", text))}<td>${badge(verdict)}</td></tr>
${verdict === "passed" ? undefined : why}${warningTexts(receiver).map(
    (warning) => markup`<tr class="reason"><td colspan="${HEADINGS.length}">${warning}</td></tr>`,
  )}`;
}

/** On a narrow screen the heading stands beside each value. */
function labelled(heading: string, text: string): Markup {
  return markup`<td data-label="${heading}">${text}</td>`;
}

function evidenceOf(pod: PodReport & Partial<ReceiverReport>): Markup {
  const { name, reason, numbers, evidence } = pod;
  const facts = [
    ...(reason === undefined ? [] : [fact("found", [reason])]),
    ...Object.entries({ ...numbers, ...evidence }).map(([key, value]) =>
      fact(words(key), Array.isArray(value) ? value.map(describe) : [describe(value)]),
    ),
  ];
  const none = evidence === undefined ? markup`<p class="soft">It has printed no evidence.</p>` : undefined;
  return markup`<details><summary>Evidence of <strong>${name}</strong> <span class="soft">${placeText(pod)}</span></summary>
<dl>
${facts}
</dl>
${none}</details>`;
}

function fact(name: string, lines: readonly string[]): Markup {
  return markup`<dt>${name}</dt><dd>${lines.length === 0 ? "none" : lines.map((line) => markup`<div>${line}</div>`)}</dd>`;
}

/** `firstHeardAfterMs` as `first heard after ms`. */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A value of the evidence, whatever the probe has put there. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(describe).join(" ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${words(key)} ${describe(part)}`)
    .join(", ");
}
