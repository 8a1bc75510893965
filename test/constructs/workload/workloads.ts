import { DaemonSetV1 } from "@cdktf/provider-kubernetes/lib/daemon-set-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { PodV1 } from "@cdktf/provider-kubernetes/lib/pod-v1";
import { StatefulSetV1 } from "@cdktf/provider-kubernetes/lib/stateful-set-v1";
import { providersOf } from "../../../constructs/cluster/cluster";
import { Ipam } from "../../../constructs/network/ipam";
import { MacvlanNetwork, type MacvlanNetworkProps } from "../../../constructs/network/macvlan-network";
import type { TerraformStack } from "../../../constructs/private/terraform";
import { newStack, stored, synthStack, type Block } from "../../helpers/synth";
import { surroundings, type Surroundings } from "../../helpers/test-cluster";

const metadata = { name: "camera", namespace: "media" };
const labels = { app: "camera" };
const selector = { matchLabels: labels };
const container = [{ name: "camera", image: "registry.example/camera:1" }];

/** The workloads of a user, by the name of Terraform's type. */
export const makers = {
  kubernetes_deployment_v1: (stack: TerraformStack, pods: PodParts = {}) =>
    new DeploymentV1(stack, pods.id ?? "Camera", {
      metadata,
      spec: { selector, replicas: pods.replicas, strategy: pods.strategy, template: template(pods) },
    }),
  kubernetes_stateful_set_v1: (stack: TerraformStack, pods: PodParts = {}) =>
    new StatefulSetV1(stack, pods.id ?? "Camera", {
      metadata,
      spec: { serviceName: "camera", selector, replicas: pods.replicas, template: template(pods) },
    }),
  kubernetes_daemon_set_v1: (stack: TerraformStack, pods: PodParts = {}) =>
    new DaemonSetV1(stack, pods.id ?? "Camera", { metadata, spec: { selector, template: template(pods) } }),
  kubernetes_pod_v1: (stack: TerraformStack, pods: PodParts = {}) => {
    const { annotations } = pods;
    return new PodV1(stack, pods.id ?? "Camera", {
      metadata: { ...metadata, labels, annotations },
      spec: template(pods).spec,
    });
  },
};

/** What a test varies in the pods. */
export interface PodParts {
  readonly id?: string;
  readonly annotations?: Record<string, string>;
  readonly nodeSelector?: Record<string, string>;
  readonly hostNetwork?: boolean;
  readonly replicas?: string;
  readonly strategy?: { type: string };
}

function template({ annotations, nodeSelector, hostNetwork }: PodParts) {
  return { metadata: { labels, annotations }, spec: { container, nodeSelector, hostNetwork } };
}

/** A workload in Terraform's JSON. */
export interface Attached {
  readonly block: Block;
  /** The pods' annotations, as they will be stored. */
  readonly annotations: Record<string, string>;
  /** The annotation whose value is known only once Terraform has applied. */
  readonly revision?: string;
  readonly spec: Block;
}

/** A stack of a user's own with one network. */
export class Scene {
  public readonly stack = newStack();
  public readonly around: Surroundings = surroundings(this.stack);
  public readonly network: MacvlanNetwork;

  public constructor(props: Partial<MacvlanNetworkProps> = {}) {
    const { cluster, multus, namespace } = this.around;
    providersOf(this.stack, cluster);
    const ipam = Ipam.hostLocal({ subnet: "10.20.0.0/24" });
    this.network = new MacvlanNetwork(this.stack, "Plane", { multus, namespace, master: "eth1", ipam, ...props });
  }

  /** The one workload of a Terraform type as the provider gets it. */
  public synthesised(type: keyof typeof makers): Attached {
    const block = synthStack(this.stack).only(type);
    const inner = type === "kubernetes_pod_v1" ? block : ((block.spec as Block).template as Block);
    const { annotations = {} } = inner.metadata as { annotations?: Record<string, string> };
    const { "multicast-lab/networks-revision": revision, ...plain } = annotations;
    const texts = Object.entries(plain).map(([key, value]) => [key, stored(value)]);
    const read = Object.fromEntries(texts) as Record<string, string>;
    return { block, annotations: read, revision, spec: inner.spec as Block };
  }
}
