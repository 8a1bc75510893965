import type { ExternalEndpoint } from "./external-endpoint";
import type { INamespace } from "../namespace/namespace";
import { shortened } from "../private/names";
import type { MulticastGroup } from "./multicast-group";

/** What must be true of a receiver: that it hears the group, or that it hears nothing of it. */
export type Expectation = "heard" | "silent";

/** One receiver of a {@link MulticastCheck}. */
export interface MulticastReceiver {
  /** Name in the report and at the end of the pod's name, a DNS-1123 label of 20 characters at most, such as `other-node`. */
  readonly name: string;
  /**
   * Name of the node it runs on.
   *
   * @default the scheduler chooses
   */
  readonly node?: string;
  /**
   * Machine outside the cluster that receives instead of a pod.
   *
   * @default a pod receives
   */
  readonly external?: ExternalEndpoint;
  /**
   * Another namespace than the check's. On OVN-Kubernetes' own network it must be silent; an attached network knows no namespaces.
   *
   * @default the check's namespace
   */
  readonly namespace?: INamespace;
  /**
   * Interface of its node that it joins on, its pod being on the node's own network; {@link MulticastWay.hostNetwork} tells what that
   * gives up. The namespace must allow it (Pod Security `privileged`). On OVN-Kubernetes' own network such pods do not take part, and hear nothing.
   *
   * @default the pod has a network of its own
   */
  readonly hostInterface?: string;
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
  /**
   * What must be true of datagrams that the sender sends to its address on the network.
   *
   * @default "heard" where sender or receiver is outside the cluster and the address known at synth; not judged elsewhere
   */
  readonly unicast?: Expectation;
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
