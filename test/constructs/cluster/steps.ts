import { parse } from "yaml";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import type { HostStep } from "../../../constructs/cluster/host-step";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";
import { newStack, stored, synthStack, type Block } from "../../helpers/synth";

/** A well-formed SHA-256 digest. */
export const digest = (digit: string) => digit.repeat(64);

/** One step of a cluster as it is synthesised. */
export interface Step {
  readonly create: string;
  readonly destroy?: string;
  /** Names of the steps that come before. */
  readonly after: readonly string[];
  /** By where the host is reached. */
  readonly instances: Record<string, { input: Record<string, string>; run_again_when: string }>;
  /** Expression that makes the step run again. */
  readonly trigger: string;
}

/** The steps of a synthesised cluster, by name; of servers that join there is one each, `join`, `join-2` … */
export function stepsOf(props: K3sClusterProps): Record<string, Step> {
  const stack = newStack();
  const { steps } = new K3sCluster(stack, "Cluster", props);
  const { json } = synthStack(stack);
  const named: [string, HostStep][] = [
    ["guard", steps.guard],
    ["files", steps.files],
    ["install", steps.install],
    ...steps.joins.map((step, index): [string, HostStep] => [index === 0 ? "join" : `join-${index + 1}`, step]),
    ["agents", steps.agents],
    ["ready", steps.ready],
  ];
  const idOf = ({ resource }: HostStep) => resource.friendlyUniqueId;
  const nameOf = new Map(named.map(([name, step]) => [`terraform_data.${idOf(step)}`, name]));
  return Object.fromEntries(
    named.map(([name, step]) => [name, stepOf(json.resource!.terraform_data![idOf(step)]!, nameOf)]),
  );
}

function stepOf(block: Block, nameOf: ReadonlyMap<string, string>): Step {
  const commandOf = (when: string) =>
    (block.provisioner as { "local-exec": { when: string; command: string } }[])
      .map((entry) => entry["local-exec"])
      .find((entry) => entry.when === when)?.command;
  return {
    create: commandOf("create")!,
    destroy: commandOf("destroy"),
    after: ((block.depends_on ?? []) as string[]).map((reference) => nameOf.get(reference)!),
    instances: block.for_each as Step["instances"],
    trigger: block.triggers_replace as string,
  };
}

/** The instance of a step on one node. */
export function instanceOn(step: Step | undefined, node: string) {
  return Object.values(step?.instances ?? {}).find(({ input }) => input.LAB_HOST === node);
}

/** The environment of a step on one node, as Terraform hands it over, without the identity, which is the only expression in it. */
export function valuesOf(step: Step | undefined, node: string): Record<string, string> {
  const input = Object.entries(instanceOn(step, node)!.input).filter(([name]) => name !== "LAB_IDENTITY");
  return Object.fromEntries(input.map(([name, text]) => [name, stored(text)]));
}

/** What is written to config.yaml of a node, without the token. */
export function configOf(steps: Record<string, Step>, node: string): Record<string, unknown> {
  const step = Object.values(steps).find((each) => each.create === "install" && instanceOn(each, node));
  return parse(valuesOf(step, node).LAB_VALUE_CONFIG!) as Record<string, unknown>;
}
