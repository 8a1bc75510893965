import type { ProbeConfig, VerdictConfig } from "../../../probe/config";
import { Ipam } from "../../../constructs/network/ipam";
import { MacvlanNetwork, type MacvlanNetworkProps } from "../../../constructs/network/macvlan-network";
import type { TerraformStack } from "../../../constructs/private/terraform";
import { stored, type Block, type Synthesised } from "../../helpers/synth";
import { surroundings } from "../../helpers/test-cluster";

/** A macvlan network on the two-node test cluster. */
export function testNetwork(stack: TerraformStack, props: Partial<MacvlanNetworkProps> = {}): MacvlanNetwork {
  const { multus, namespace } = surroundings(stack);
  const ipam = Ipam.hostLocal({ subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", rangeEnd: "10.20.0.99" });
  return new MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam, ...props });
}

interface Metadata {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/** A pod as Terraform's JSON has it. */
export interface PodBlock extends Block {
  readonly metadata: Metadata;
  readonly spec: {
    readonly container: Container[];
    readonly init_container?: Container[];
    readonly [key: string]: unknown;
  };
}

interface Container {
  readonly command: string[];
  readonly image: string;
  readonly env?: { name: string; value?: string; value_from?: unknown }[];
  readonly security_context: unknown;
}

/** All pods by name. */
export function podsOf(synthesised: Synthesised): Record<string, PodBlock> {
  const pods = synthesised.all("kubernetes_pod_v1") as PodBlock[];
  return Object.fromEntries(pods.map((pod) => [pod.metadata.name, pod]));
}

/** The networks that a pod asks for. */
export function networksOf(pod: PodBlock): { name: string; ips?: string[] }[] {
  return JSON.parse(stored(pod.metadata.annotations?.["k8s.v1.cni.cncf.io/networks"] ?? "[]")) as { name: string }[];
}

/** The configurations of the probes by file name, as the pods of one check will read them. */
export function configsOf(synthesised: Synthesised): Record<string, ProbeConfig> {
  return Object.fromEntries(configFiles(synthesised));
}

/** The configurations of the probes of all checks. */
export function allConfigsOf(synthesised: Synthesised): ProbeConfig[] {
  return configFiles(synthesised).map(([, config]) => config);
}

function configFiles(synthesised: Synthesised): [string, ProbeConfig][] {
  const maps = synthesised.all("kubernetes_config_map_v1") as { data?: Record<string, string> }[];
  const files = maps.flatMap(({ data }) => Object.entries(data ?? {}));
  const configs = files.filter(([name]) => name.endsWith(".json"));
  return configs.map(([name, text]) => [name, JSON.parse(stored(text)) as ProbeConfig]);
}

/** What the verdict of each check of streams is told, by the check's name. */
export function verdictsOf(synthesised: Synthesised): Record<string, VerdictConfig> {
  const maps = synthesised.all("kubernetes_config_map_v1") as { data?: Record<string, string> }[];
  const verdicts = maps
    .flatMap(({ data }) => data?.["verdict.json"] ?? [])
    .map((text) => JSON.parse(stored(text)) as ProbeConfig)
    .filter((config) => config.mode === "verdict");
  return Object.fromEntries(verdicts.map((config) => [config.report.check, config]));
}
