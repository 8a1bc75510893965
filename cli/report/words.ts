import type { PodReport, ReceiverReport, Report } from "../../probe/report";

/** What every rendering calls the parts of a check alike. */

/** A sign for each verdict, beside its word or colour. */
export const SIGNS = { passed: "✓", failed: "✗", inconclusive: "?" } as const;

/** `media/plane`. */
export function checkTitle({
  namespace,
  checkName,
}: {
  readonly namespace: string;
  readonly checkName: string;
}): string {
  return `${namespace}/${checkName}`;
}

/** What a check without a verdict gives as its reason. */
export const NO_VERDICT = "no verdict: its verdict pod has written no report";

/** `239.1.1.1:5004`. */
export function groupText({ group, port }: Pick<Report, "group" | "port">): string {
  return group.includes(":") ? `[${group}]:${port}` : `${group}:${port}`;
}

/** What must be true of a receiver. */
export function mustText({ kind }: Pick<Report, "kind">, { expectation }: ReceiverReport): string {
  if (expectation === "silent") return "stay silent";
  if (kind === "status") return "be attached";
  return kind === "stream" ? "hear" : "answer";
}

/** Groups that a receiver joins. */
export function joinsText({ joins }: Pick<ReceiverReport, "joins">): string {
  return joins.length === 0 ? "nothing" : joins.join(", ");
}

/** Received of sent. */
export function cameText({ numbers }: Pick<ReceiverReport, "numbers">): string {
  return `${numbers.received}/${numbers.sent}`;
}

/** Loss where it is judged: silence has none, and of socat's questions one answer is enough. */
export function lossText({ kind }: Pick<Report, "kind">, { expectation, numbers }: ReceiverReport): string {
  return kind === "stream" && expectation === "heard" ? `${numbers.lossPercent.toFixed(1)} %` : "-";
}

/** Node of a pod. */
export function nodeText({ node }: Pick<PodReport, "node">): string {
  return node ?? "?";
}

/** The sender and where it is. */
export function senderText({ kind, sender }: Pick<Report, "kind" | "sender">): string {
  if (kind === "status") return `read by ${sender.name} (pod ${sender.pod}) on node ${nodeText(sender)}`;
  const addresses = sender.addresses.length === 0 ? "no address" : sender.addresses.join(", ");
  return `${kind === "service" ? "asked" : "sent"} by ${sender.name} (pod ${sender.pod}) on node ${nodeText(sender)}, ${addresses}`;
}

/** The network that carried the stream, and the pods' interface to it. */
export function networkText({ network, interface: name }: Pick<Report, "network" | "interface">): string {
  return network.kind === "cluster" ? `the cluster's network (${name})` : `${network.name} (${name})`;
}

/** The stream: group, port, how it is sent and what was judged of it. */
export function streamText(report: Report): string {
  const { ttl, controlGroup, times } = report;
  if (report.kind === "status") return `what Multus says of each pod, judged ${times.judgedAt}`;
  const judged = `window ${times.judgedSeconds} s, judged ${times.judgedAt}`;
  if (report.kind === "service")
    return `Services, whose pods tell whom they hear in ${groupText(report)}, TTL ${ttl}, ${judged}`;
  const control = controlGroup === undefined ? "" : `, control group ${controlGroup}`;
  return `${groupText(report)}, TTL ${ttl}, on ${networkText(report)}${control}, ${judged}`;
}
