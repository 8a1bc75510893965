import type { ReceiverReport, Report } from "../../probe/report";
import { visible } from "../../probe/visible";
import { tally, type CheckResult, type LabReport } from "./model";
import { textTable, wrap, type Paint, type TextRow } from "./text-table";
import {
  cameText,
  checkTitle,
  joinsText,
  lossText,
  mustText,
  nameText,
  nodeText,
  noVerdictText,
  senderText,
  SIGNS,
  streamText,
  warningTexts,
} from "./words";

/** How the matrix is shown. */
export interface MatrixOptions {
  /** Whether the terminal takes ANSI colours; false where output is no terminal. */
  readonly color: boolean;
  /** Columns of the terminal, `Infinity` to break no line; a table cannot be narrower than 66. */
  readonly width: number;
}

const HEADINGS = ["receiver", "node", "joins", "must", "came", "loss", "verdict"];
const MARKS = { passed: "✓ passed", failed: "✗ FAILED", inconclusive: "? INCONCLUSIVE" } as const;
const COLORS = { passed: "32", failed: "31", inconclusive: "33" } as const;

/** Who sent, who should and should not have heard, what came, and why something is wrong: for a terminal. */
export function renderMatrix(report: LabReport, options: MatrixOptions): string {
  const checks = report.checks.map((check) => checkMatrix(check, options).join("\n"));
  const { faults = [], notes = [] } = report;
  const others = [
    ...faults.flatMap((fault) =>
      wrap(`${SIGNS.failed} ${visible(fault)}`, options.width, "").map(painter(options.color, "1;31")),
    ),
    ...notes.flatMap((note) => wrap(visible(note), options.width, "")),
  ];
  return [
    ...checks,
    ...(others.length === 0 ? [] : [others.join("\n")]),
    wrap(visible(summary(report)), options.width, "").join("\n"),
  ].join("\n\n");
}

function checkMatrix(check: CheckResult, { color, width }: MatrixOptions): string[] {
  const { report } = check;
  const verdict = report?.verdict ?? "failed";
  const title = visible(`${MARKS[verdict].charAt(0)} ${checkTitle(check)}: ${report?.summary ?? noVerdictText(check)}`);
  const heading = wrap(title, width, "").map(painter(color, `1;${COLORS[verdict]}`));
  if (report === undefined) return heading;
  const facts = [streamText(report), senderText(report)].flatMap((text) => wrap(visible(text), width, "  "));
  const rows = report.receivers.map((receiver) => rowOf(report, receiver, color));
  return [...heading, ...facts, ...textTable(HEADINGS, rows, width)];
}

function rowOf(report: Report, receiver: ReceiverReport, color: boolean): TextRow {
  const { verdict } = receiver;
  const cells = [
    nameText(receiver),
    nodeText(receiver),
    joinsText(receiver),
    mustText(report, receiver),
    cameText(receiver),
    lossText(report, receiver),
    MARKS[verdict],
  ].map(visible);
  return {
    cells,
    paint: painter(color, COLORS[verdict]),
    below: belowText(receiver),
  };
}

/** Why it did not pass, and what is wrong where it did. */
function belowText(receiver: ReceiverReport): string | undefined {
  const told = [...(receiver.verdict === "passed" ? [] : [receiver.reason]), ...warningTexts(receiver)];
  return told.length === 0 ? undefined : visible(told.join("; "));
}

function summary(report: LabReport): string {
  const { labName, checks, durationSeconds, command, ok, faults = [] } = report;
  const { passed, failed } = tally(report);
  const held = checks.length === 0 ? "no check has judged" : `${passed} of ${passed + failed} expectations held`;
  const over = checks.length === 1 ? "1 check" : `${checks.length} checks`;
  const seconds = `${durationSeconds.toFixed(0)} s`;
  const but =
    faults.length === 0 ? "" : `, but ${faults.length === 1 ? "a fault" : `${faults.length} faults`} of the lab itself`;
  return `lab ${labName}: ${ok ? "PASSED" : "FAILED"}, ${held} in ${over}${but}, ${command} took ${seconds}`;
}

function painter(color: boolean, code: string): Paint {
  return (text) => (color && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text);
}
