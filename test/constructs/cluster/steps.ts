import { parse } from "yaml";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";
import { newStack, stored, synthStack, type Block } from "../../helpers/synth";

/** A well-formed SHA-256 digest. */
export const digest = (digit: string) => digit.repeat(64);

const order = ["guard-create", "files", "install", "join", "ready"];

/** One step of a cluster as it is synthesised. */
export interface Step {
  readonly create: string;
  readonly destroy?: string;
  readonly after: readonly string[];
  readonly instances: Record<string, { input: Record<string, string>; run_again_when: string }>;
}

/** The steps of a synthesised cluster by what creating them runs; the install of servers that join is `join`. */
export function stepsOf(props: K3sClusterProps): Record<string, Step> {
  const stack = newStack();
  new K3sCluster(stack, "Cluster", props);
  const resources = Object.entries(synthStack(stack).json.resource?.terraform_data ?? {});
  const commandOf = (block: Block, when: string) =>
    (block.provisioner as { "local-exec": { when: string; command: string } }[])
      .map((entry) => entry["local-exec"])
      .find((entry) => entry.when === when)?.command;
  const keyOf = ([name, block]: [string, Block]) => (name.includes("_Join_") ? "join" : commandOf(block, "create")!);
  const nameOf = new Map(resources.map((entry) => [`terraform_data.${entry[0]}`, keyOf(entry)]));
  const steps = resources.map((entry): [string, Step] => {
    const [, block] = entry;
    const create = commandOf(block, "create")!;
    const after = ((block.depends_on ?? []) as string[]).map((reference) => nameOf.get(reference)!);
    return [
      keyOf(entry),
      { create, destroy: commandOf(block, "destroy"), after, instances: block.for_each as Step["instances"] },
    ];
  });
  return Object.fromEntries(order.map((name) => [name, new Map(steps).get(name)!]).filter(([, step]) => step));
}

/** The environment of a step on one node, as Terraform hands it over. */
export function valuesOf(step: Step | undefined, node: string): Record<string, string> {
  return Object.fromEntries(Object.entries(step!.instances[node]!.input).map(([name, text]) => [name, stored(text)]));
}

/** What is written to config.yaml of a node, without the token. */
export function configOf(steps: Record<string, Step>, node: string): Record<string, unknown> {
  const step = steps.join!.instances[node] ? steps.join : steps.install;
  return parse(valuesOf(step, node).LAB_VALUE_CONFIG!) as Record<string, unknown>;
}
