import type { ReceiverReport, Report } from "../../probe/report";

const HEADINGS = ["receiver", "node", "expected", "sent", "came", "loss", "control", "verdict"];
const MARKS = { passed: "✓ passed", failed: "✗ FAILED", inconclusive: "? INCONCLUSIVE" } as const;

/** The matrix of one check, for a terminal. */
export function matrix(report: Report): string {
  const { sender } = report;
  const title = `${report.check}: ${report.group}:${report.port}, TTL ${report.ttl}, on ${report.interface}`;
  const from = `sent by ${sender.name} (${sender.pod}) on ${sender.node ?? "an unknown node"}, ${addresses(sender.addresses)}`;
  const rows = report.receivers.map((receiver) => rowOf(receiver, report));
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  const reasons = report.receivers
    .filter(({ verdict }) => verdict !== "passed")
    .map(({ name, reason }) => `  ${name}: ${reason}`);
  return [title, `  ${from}`, line(HEADINGS), ...rows.map(line), ...reasons, `  ${report.summary}`].join("\n");
}

function rowOf(receiver: ReceiverReport, { kind }: Report): string[] {
  const { numbers } = receiver;
  return [
    receiver.name,
    receiver.node ?? "?",
    receiver.expectation === "heard" ? "hears" : "silent",
    String(numbers.sent),
    String(numbers.received),
    lossText(receiver),
    kind === "stream" ? `${numbers.controlReceived}/${numbers.controlSent}` : "-",
    MARKS[receiver.verdict],
  ];
}

/** Loss where something should have come; where silence is expected it says nothing. */
export function lossText({ expectation, numbers }: ReceiverReport): string {
  return expectation === "heard" ? `${numbers.lossPercent.toFixed(1)} %` : "-";
}

function addresses(list: readonly string[]): string {
  return list.length === 0 ? "no address" : list.join(", ");
}
