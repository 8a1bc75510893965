import { shortened } from "../private/names";
import type { MulticastGroup } from "./multicast-group";

/** What must be true of a receiver: that it hears the group, or that it hears nothing of it. */
export type Expectation = "heard" | "silent";

/** One receiver of a {@link MulticastCheck}. */
export interface MulticastReceiver {
  /** Name in the report and at the end of the pod's name, a DNS-1123 label of 20 characters at most, such as `other-node`. */
  readonly name: string;
  /** Name of the node it runs on. */
  readonly node: string;
  /**
   * Whether it joins the check's group; a group where it joins that one instead.
   *
   * @default true
   */
  readonly joins?: boolean | MulticastGroup;
  /**
   * What must be true of it.
   *
   * @default "heard" where it joins the check's group, "silent" elsewhere
   */
  readonly expect?: Expectation;
}

/** The node's name as the end of a pod's name. */
function label(node: string): string {
  return shortened(node.replace(/\./g, "-"), 17);
}

/**
 * The set that tells the usual faults apart: a joined receiver beside the sender, one on another node, one that did not
 * join and one that joined another group. With one node there is no "other", and all are on that one.
 */
export function usualReceivers(nodes: readonly string[], group: MulticastGroup): MulticastReceiver[] {
  const [first, other] = nodes;
  if (first === undefined) return [];
  const far = other ?? first;
  return [
    { name: "same-node", node: first },
    ...(other === undefined ? [] : [{ name: "other-node", node: other }]),
    { name: "not-joined", node: far, joins: false },
    { name: "other-group", node: far, joins: group.neighbour() },
  ];
}

/** A joined receiver on every node, and the two that must stay silent on the last. */
export function receiversOnEveryNode(nodes: readonly string[], group: MulticastGroup): MulticastReceiver[] {
  const last = nodes.at(-1);
  if (last === undefined) return [];
  return [
    ...nodes.map((node) => ({ name: `on-${label(node)}`, node })),
    { name: "not-joined", node: last, joins: false },
    { name: "other-group", node: last, joins: group.neighbour() },
  ];
}

/** Group addresses that a receiver joins. */
export function joinedGroups({ joins = true }: MulticastReceiver, group: MulticastGroup): string[] {
  if (typeof joins === "boolean") return joins ? [group.address] : [];
  return [joins.address];
}

/** What must be true of a receiver, also where that was not said. */
export function expectationOf(receiver: MulticastReceiver, group: MulticastGroup): Expectation {
  return receiver.expect ?? (joinedGroups(receiver, group).includes(group.address) ? "heard" : "silent");
}
