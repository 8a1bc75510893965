import { image, sample, testPlane, type Sample } from "./sample";
import * as library from "../../constructs";
import type { TerraformStack } from "../../constructs/private/terraform";
import { host } from "../constructs/cluster/hosts";
import { surroundings, TestCluster, TestNamespace } from "../helpers/test-cluster";

const group = library.MulticastGroup.of("239.1.1.1", { port: 5004 });
const outside = host("192.0.2.9", { nodeName: "simulator" });

function check(stack: TerraformStack, props: Partial<library.MulticastCheckProps>): library.MulticastCheck {
  return new library.MulticastCheck(stack, "Check", { network: testPlane(stack), group, ...props });
}

function endpoint(stack: TerraformStack, props: Partial<library.ExternalEndpointProps> = {}): library.ExternalEndpoint {
  const usual = { host: outside, interfaceName: "eth1", addresses: ["10.20.0.9/24"] };
  return new library.ExternalEndpoint(stack, "Outside", { ...usual, ...props });
}

const receivers = [
  { name: "a", node: "server", expect: "heard" as const, joins: true },
  { name: "b", node: "agent", hostInterface: "eth1" },
];

export const checkSamples: readonly Sample[] = [
  sample(
    "VerificationPodProps",
    {
      command: ["socat"],
      podName: "listener",
      hostname: "mlistener",
      node: "agent",
      image,
      env: { TEXT: "text" },
      labels: { app: "verify" },
      configMapName: "files",
      tolerations: [
        { key: "example.com/media", operator: "Equal" as const, value: "yes", effect: "NoSchedule" as const },
      ],
    },
    (stack, value) =>
      new library.VerificationPod(stack, "Probe", { namespace: surroundings(stack).namespace, ...value }),
  ),
  sample("MulticastGroup.of(address)", "239.1.1.1", (stack, address) =>
    check(stack, { group: library.MulticastGroup.of(address, { port: 5004 }) }),
  ),
  sample("MulticastCheckProps", { checkName: "feed", image, sender: { node: "agent" }, receivers }, check),
  sample("MulticastCheckProps", { receivers: "everyNode" as const }, check),
  sample("MulticastCheckProps", { receivers: [receivers[1]!, receivers[0]!] }, check),
  sample("MulticastCheckProps", { receivers: [{ name: "out", unicast: "heard" as const }] }, (stack, value) =>
    check(stack, { receivers: value.receivers.map((each) => ({ ...each, external: endpoint(stack) })) }),
  ),
  sample(
    "ExternalEndpointProps",
    { interfaceName: "eth1", addresses: ["10.20.0.9/24"], nodePath: "/usr/bin/node" },
    (stack, value) => check(stack, { receivers: [{ name: "out", external: endpoint(stack, value) }, ...receivers] }),
  ),
  sample(
    "DenyAllPolicyProps",
    { policyName: "deny-all" },
    (stack, value) =>
      new library.DenyAllPolicy(stack, "Policy", { namespace: surroundings(stack).namespace, ...value }),
  ),
  sample("DefaultNetworkOptions", { interfaceName: "eth0" }, (stack, value) => {
    const cluster = new TestCluster(stack, "Cluster", "openshift");
    const network = library.DefaultNetwork.of(new TestNamespace(stack, cluster), value);
    const group = library.MulticastGroup.of("239.1.1.1", { port: 5004, ttl: 64 });
    return new library.MulticastCheck(stack, "Check", { network, group });
  }),
  sample(
    "SocatCheckProps",
    { checkName: "ask", image, listenerNode: "agent", senderNode: "server" },
    (stack, value) => new library.SocatCheck(stack, "Check", { network: testPlane(stack), ...value }),
  ),
  sample(
    "ServiceCheckProps",
    {
      checkName: "ask",
      image,
      members: [
        { name: "a", node: "server", workload: "deployment" as const, sends: true, hears: ["b"] },
        { name: "b", sends: true, hears: ["a"] },
      ],
    },
    (stack, value) =>
      new library.ServiceCheck(stack, "Check", { namespace: surroundings(stack).namespace, group, ...value }),
  ),
  sample("NetworkStatusCheckProps", { checkName: "status", image }, (stack, value) => {
    const network = testPlane(stack);
    const { namespace } = network;
    const attachments = [library.Attachment.of(network)];
    const command = ["sleep", "infinity"];
    const pods = [new library.VerificationPod(stack, "Pod", { namespace, image, command, attachments })];
    return new library.NetworkStatusCheck(stack, "Check", { namespace, pods, ...value });
  }),
];
