import type { PodReport, ReceiverReport, Report } from "../../probe/report";
import type { CheckResult } from "./model";

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
export function noVerdictText({ fault }: Pick<CheckResult, "fault">): string {
  return fault ?? "no verdict: its verdict pod has written no report";
}

/** `239.1.1.1:5004`. */
export function groupText({ group, port }: Pick<Report, "group" | "port">): string {
  return group.includes(":") ? `[${group}]:${port}` : `${group}:${port}`;
}

/** What must be true of a receiver. */
export function mustText({ kind }: Pick<Report, "kind">, { expectation, unicast }: ReceiverReport): string {
  if (kind === "status") return "be attached";
  if (kind !== "stream" && expectation === "heard") return "answer";
  const multicast = expectation === "heard" ? "hear" : "stay silent";
  if (unicast === undefined) return multicast;
  return `${multicast}, ${unicast === "silent" ? "no unicast" : "hear unicast"}`;
}

/** What is wrong beside what the verdict is about. */
export function warningTexts({ warnings = [] }: Pick<ReceiverReport, "warnings">): string[] {
  return warnings.map((warning) => `warning: ${warning}`);
}

/** Groups that a receiver joins. */
export function joinsText({ joins }: Pick<ReceiverReport, "joins">): string {
  return joins.length === 0 ? "nothing" : joins.join(", ");
}

/** Received of sent, also of the stream to its own address where there is one. */
export function cameText({ numbers }: Pick<ReceiverReport, "numbers">): string {
  const { received, sent, unicastReceived = 0, unicastSent } = numbers;
  const multicast = `${received}/${sent}`;
  return unicastSent === undefined ? multicast : `${multicast}, unicast ${unicastReceived}/${unicastSent}`;
}

/** Loss where it is judged: silence has none, and of socat's questions one answer is enough. */
export function lossText({ kind }: Pick<Report, "kind">, { expectation, numbers }: ReceiverReport): string {
  return kind === "stream" && expectation === "heard" ? `${numbers.lossPercent.toFixed(1)} %` : "-";
}

/** Name of a receiver; with its namespace where that is not the check's. */
export function nameText({ name, namespace }: Pick<PodReport, "name" | "namespace">): string {
  return namespace === undefined ? name : `${name} (namespace ${namespace})`;
}

/** Node of a pod, or the host of a probe outside the cluster. */
export function nodeText({ node = "?", external }: Pick<PodReport, "node" | "external">): string {
  return external ? `external host ${node}` : node;
}

/** What runs, and where. */
export function placeText(pod: Pick<PodReport, "pod" | "namespace" | "node" | "external">): string {
  if (pod.external) return `program ${pod.pod} on ${nodeText(pod)}`;
  const own = pod.namespace === undefined ? pod.pod : `${pod.namespace}/${pod.pod}`;
  return `pod ${own} on node ${nodeText(pod)}`;
}

/** The sender and where it is. */
export function senderText({ kind, sender }: Pick<Report, "kind" | "sender">): string {
  if (kind === "status") return `read by ${sender.name}, ${placeText(sender)}`;
  const addresses = sender.addresses.length === 0 ? "no address" : sender.addresses.join(", ");
  return `${kind === "service" ? "asked" : "sent"} by ${sender.name}, ${placeText(sender)}, ${addresses}`;
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
  const family = report.group.includes(":") ? "IPv6, " : "";
  return `${family}${groupText(report)}, TTL ${ttl}, on ${networkText(report)}${control}, ${judged}`;
}
