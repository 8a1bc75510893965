import * as library from "../../../constructs";
import type { TerraformStack } from "../../../constructs/private/terraform";
import { surroundings, TestCluster } from "../../helpers/test-cluster";

/** Why no verdict is made anew for a field. */
export class NotJudged {
  public constructor(public readonly reason: string) {}
}

/** A construct, which has a case of its own. */
export const OF_ITS_OWN = new NotJudged("a construct with a case of its own");

/** Another right value for each field; a field without one is a fault of the compiler. */
export type Changes<T> = { readonly [K in keyof Required<T>]: Required<T>[K] | NotJudged };

/** An interface of the public API whose fields a check stands on. */
export interface JudgedCase {
  readonly type: string;
  /** Field names and what they are changed to. */
  readonly changes: readonly (readonly [string, unknown])[];
  /** Builds a check on the usual values, with one field changed where there is a change. */
  readonly build: (stack: TerraformStack, change: object) => void;
}

/** A case of one interface: usual values, another value for each field, and what is built with them. */
export function judged<T extends object>(
  type: string,
  usual: Partial<T>,
  changes: Changes<T>,
  build: (stack: TerraformStack, value: T) => unknown,
): JudgedCase {
  return {
    type,
    changes: Object.entries(changes),
    build: (stack, change) => void build(stack, { ...usual, ...change } as T),
  };
}

export const image = "lab.local/probe:1";
export const group = library.MulticastGroup.of("239.1.1.1", { port: 5004 });
export const subnet = "10.20.0.0/24";
export const usualIpam = library.Ipam.hostLocal({ subnet });

/** A check of multicast. */
export function check(
  stack: TerraformStack,
  network: library.MulticastCheckProps["network"],
  props: Partial<library.MulticastCheckProps> = {},
): library.MulticastCheck {
  return new library.MulticastCheck(stack, "Check", { network, group, image, ...props });
}

/** A check of what Multus reports, for networks that multicast cannot be checked on. */
export function statusCheck(
  stack: TerraformStack,
  network: library.INetworkAttachmentDefinition,
  props: library.AttachmentProps = {},
): void {
  const { namespace } = network;
  const attachments = [library.Attachment.of(network, props)];
  const pods = [new library.VerificationPod(stack, "Pod", { namespace, command: ["node"], image, attachments })];
  new library.NetworkStatusCheck(stack, "Check", { namespace, pods, image });
}

/** A check on a network of a Multus of our own. */
export function checkOnMultus(stack: TerraformStack, props: Partial<library.MultusProps>): void {
  const cluster = new TestCluster(stack);
  const multus = new library.Multus(stack, "Multus", { cluster, ...props });
  const namespace = new library.MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" });
  check(stack, new library.MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam: usualIpam }));
}

/** A check on a macvlan network. */
export function checkOnMacvlan(stack: TerraformStack, props: Partial<library.MacvlanNetworkProps>): void {
  const { multus, namespace } = surroundings(stack);
  const usual = { multus, namespace, master: "eth1", ipam: usualIpam };
  // For those without a route for multicast.
  const sender = { bindToInterface: true };
  check(stack, new library.MacvlanNetwork(stack, "Plane", { ...usual, ...props }), { sender });
}

/** A check on the cluster's own network, under a policy where there is one. */
export function checkOnDefault(
  stack: TerraformStack,
  options: library.DefaultNetworkOptions,
  policy?: Partial<library.DenyAllPolicyProps>,
): void {
  const cluster = new TestCluster(stack, "Cluster", "openshift");
  const namespace = new library.MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" });
  const routed = library.MulticastGroup.of("239.1.1.1", { port: 5004, ttl: 64 });
  const denyAll = policy && new library.DenyAllPolicy(stack, "Policy", { namespace, ...policy });
  const other = new library.MulticastNamespace(stack, "Other", { cluster, namespaceName: "other" });
  const receivers: library.MulticastReceiver[] = [
    { name: "a", node: "agent", ...(denyAll && { unicast: "silent" }) },
    { name: "b", node: "agent", namespace: other, expect: "silent", unicast: "heard" },
  ];
  check(stack, library.DefaultNetwork.of(namespace, options), { group: routed, receivers, denyAll });
}

/** A check in a namespace. */
export function checkIn(stack: TerraformStack, namespace: library.INamespace): void {
  const multus = library.Multus.fromCluster(stack, "Multus", { cluster: namespace.cluster });
  check(stack, new library.MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam: usualIpam }));
}

/** A check on a cluster. */
export function checkOnCluster(stack: TerraformStack, cluster: library.ICluster): void {
  checkIn(stack, library.MulticastNamespace.fromNamespaceName(stack, "Media", { cluster, namespaceName: "media" }));
}
