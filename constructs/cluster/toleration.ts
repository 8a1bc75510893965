import type { ICluster } from "./cluster";
import type { NodeTaint, TaintEffect } from "./node-registration";
import { labelValue, oneOf, qualifiedName } from "../private/rules";
import type { Faults } from "../private/validate";

/** Lets a pod onto nodes with a taint (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/). */
export interface Toleration {
  /**
   * Key of the taint.
   *
   * @default every key; `operator` must then be "Exists"
   */
  readonly key?: string;
  /**
   * Whether the taint must have the value, or any.
   *
   * @default "Equal"
   */
  readonly operator?: "Equal" | "Exists";
  /**
   * Value of the taint; left out with "Exists".
   *
   * @default none
   */
  readonly value?: string;
  /**
   * What the taint does.
   *
   * @default all effects
   */
  readonly effect?: TaintEffect;
}

/** Taints that servers usually have: those of kubeadm and OpenShift, the older name, and RKE2's for etcd. */
const USUAL_OF_SERVERS = ["control-plane", "master", "etcd"].map((role): Toleration => ({
  key: `node-role.kubernetes.io/${role}`,
  operator: "Exists",
}));

/**
 * What a pod tolerates: the known taints of the node that it is bound to, and on a server the usual ones. Where the scheduler chooses, it
 * keeps to nodes without taints, unless every node is known to have one.
 */
export function tolerationsOn(
  { nodes }: ICluster,
  node: string | undefined,
  more: readonly Toleration[] = [],
): Toleration[] {
  const bound = nodes.find(({ name }) => name === node);
  const taintsOf = (each: (typeof nodes)[number]) => (each.taints ?? []).filter(keepsAway);
  const everyNode = nodes.length > 0 && nodes.every((each) => taintsOf(each).length > 0);
  const taints = bound ? taintsOf(bound) : node === undefined && everyNode ? nodes.flatMap(taintsOf) : [];
  const usual = bound?.role === "server" ? USUAL_OF_SERVERS : [];
  const all = [...usual, ...taints.map(asToleration), ...more];
  const texts = all.map((each) => JSON.stringify(each));
  return all.filter((_, index) => texts.indexOf(texts[index] ?? "") === index);
}

/** PreferNoSchedule keeps nobody away. */
function keepsAway({ effect }: NodeTaint): boolean {
  return effect !== "PreferNoSchedule";
}

function asToleration({ key, value, effect }: NodeTaint): Toleration {
  return value === undefined ? { key, operator: "Exists", effect } : { key, operator: "Equal", value, effect };
}

/** Records what is wrong with tolerations. */
export function checkTolerations(faults: Faults, tolerations: readonly Toleration[] = []): void {
  tolerations.forEach(({ key, operator, value, effect }, index) => {
    const field = `tolerations[${index}]`;
    faults
      .check(`${field}.key`, key, qualifiedName)
      .check(`${field}.operator`, operator, oneOf(["Equal", "Exists"]))
      .check(`${field}.value`, value, labelValue)
      .check(`${field}.effect`, effect, oneOf(["NoSchedule", "PreferNoSchedule", "NoExecute"]));
    if (operator === "Exists" && value !== undefined)
      faults.add(`${field}.value`, value, { must: 'be left out with operator "Exists"', use: 'operator: "Equal"' });
    if (key === undefined && operator !== "Exists")
      faults.add(`${field}.key`, key, { must: "be given", use: 'a key, or operator: "Exists" for all taints' });
  });
}
