import * as library from "../../constructs";
import { PodV1 } from "../../constructs/private/kubernetes";
import type { TerraformStack } from "../../constructs/private/terraform";
import { surroundings, TestCluster } from "../helpers/test-cluster";

/** Right values, with every text that can be in them, and what takes them; a stack that it gives back is the one to look at. */
export interface Sample {
  /** An exported interface, or one parameter as `Class.method(parameter)`. */
  readonly type: string;
  readonly value: unknown;
  readonly build: (stack: TerraformStack, value: never) => unknown;
}

/** Values of one interface, or of one parameter. */
export function sample<T>(type: string, value: T, build: (stack: TerraformStack, value: T) => unknown): Sample {
  return { type, value, build };
}

export const image = "lab.local/probe:1";
export const subnet = "10.20.0.0/24";
export const nodes = [{ name: "server", role: "server" as const }];

/** A network that is right. */
export function testPlane(stack: TerraformStack, ipam = library.Ipam.hostLocal({ subnet })): library.MacvlanNetwork {
  return new library.MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam });
}

/** A pod of the user's own. */
export function pod(stack: TerraformStack): PodV1 {
  const { kubernetes } = library.providersOf(stack, new TestCluster(stack, "PodCluster"));
  return new PodV1(stack, "Pod", { provider: kubernetes, metadata: { name: "pod" }, spec: {} });
}

/** That pod with one attachment. */
export function attached(
  stack: TerraformStack,
  to: library.INetworkAttachmentDefinition,
  props: library.AttachmentProps,
) {
  return library.attach(pod(stack), [library.Attachment.of(to, props)]);
}
