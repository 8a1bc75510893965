import { labelValue, oneOf, qualifiedName } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** What a taint does to pods that do not tolerate it (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/). */
export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

/** Keeps pods that do not tolerate it away from a node. */
export interface NodeTaint {
  /** Key, a qualified name like `example.com/dedicated`. */
  readonly key: string;
  /**
   * Value, in the form of a label's.
   *
   * @default - none
   */
  readonly value?: string;
  /** What it does to pods that do not tolerate it. */
  readonly effect: TaintEffect;
}

const effects: readonly TaintEffect[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/**
 * Labels in Kubernetes' own name spaces that a kubelet may give itself; it does not start with others
 * (https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/, `--node-labels`). The host name is the construct's.
 */
const ownLabels: Rule<string> = (key) => {
  const [prefix = "", name] = key.split("/");
  const isKubernetes = name !== undefined && /(^|\.)(kubernetes|k8s)\.io$/.test(prefix);
  const isFree = /(^|\.)(kubelet|node)\.kubernetes\.io$/.test(prefix);
  const isTopology = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"].includes(key);
  return !isKubernetes || isFree || isTopology
    ? undefined
    : {
        must: "be a label that a node may give itself",
        use: "a prefix of your own, or node.kubernetes.io; set node-role.kubernetes.io labels by kubectl",
      };
};

/** Records what is wrong with a node's labels and taints. */
export function checkRegistration(
  faults: Faults,
  field: string,
  labels: Readonly<Record<string, string>>,
  taints: readonly NodeTaint[],
): void {
  for (const [key, value] of Object.entries(labels)) {
    faults.check(`${field}.nodeLabels`, key, qualifiedName, ownLabels);
    faults.check(`${field}.nodeLabels[${JSON.stringify(key)}]`, value, labelValue);
  }
  checkTaints(faults, `${field}.nodeTaints`, taints);
}

/** Records what is wrong with taints. */
export function checkTaints(faults: Faults, field: string, taints: readonly NodeTaint[] = []): void {
  taints.forEach((taint, index) => {
    const place = `${field}[${index}]`;
    faults
      .check(`${place}.key`, taint.key, qualifiedName)
      .check(`${place}.value`, taint.value, labelValue)
      .check(`${place}.effect`, taint.effect, oneOf(effects));
  });
}

/** A taint as K3s and kubectl write it. */
export function taintText({ key, value, effect }: NodeTaint): string {
  return value === undefined ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}
