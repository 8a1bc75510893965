import type { ClusterNetwork } from "../../../constructs/cluster/cluster-network";
import { MulticastNamespace } from "../../../constructs/namespace/multicast-namespace";
import type { MulticastSwitch } from "../../../constructs/namespace/multicast-switch";
import { DefaultNetwork } from "../../../constructs/verification/checked-network";
import { MulticastCheck } from "../../../constructs/verification/multicast-check";
import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import type { MulticastReceiver } from "../../../constructs/verification/receivers";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";
import { testNetwork, verdictsOf } from "./check-objects";

const group = MulticastGroup.of("239.1.1.1", { port: 5004, ttl: 64 });
const receiver: MulticastReceiver = { name: "other-node", node: "agent", expect: "silent" };

interface Place {
  readonly type?: ClusterNetwork["type"];
  readonly multicastSwitch?: MulticastSwitch;
  readonly receivers?: (other: MulticastNamespace) => readonly MulticastReceiver[];
}

function stackWith({ type = "ovn-kubernetes", multicastSwitch = "none", receivers = () => [receiver] }: Place = {}) {
  const stack = newStack();
  const cluster = new TestCluster(stack, "Cluster", "kubernetes", { type });
  const namespace = new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media", multicastSwitch });
  const other = new MulticastNamespace(stack, "Other", { cluster, namespaceName: "other", multicastSwitch: "none" });
  const network = DefaultNetwork.of(namespace);
  new MulticastCheck(stack, "Follows", { network, group, switching: true, receivers: receivers(other) });
  return stack;
}

test("the verdict switches its own namespace, of which it alone may change something", () => {
  const result = synthStack(stackWith());
  expect(verdictsOf(result).follows).toMatchObject({
    switched: { annotation: "k8s.ovn.org/multicast-enabled", value: "true", seconds: 200 },
    receivers: [{ name: "other-node", expect: "silent", proof: "unicast", joins: ["239.1.1.1"] }],
  });
  const { rule } = result.only("kubernetes_role_v1") as { rule: { resources: string[] }[] } & object;
  expect(rule.filter(({ resources }) => resources.includes("namespaces"))).toEqual([
    { api_groups: [""], resources: ["namespaces"], resource_names: ["media"], verbs: ["patch"] },
  ]);
  const pods = result.all("kubernetes_pod_v1") as { metadata: { name: string }; timeouts: { create: string } }[];
  const verdict = pods.find(({ metadata }) => metadata.name === "follows-verdict");
  expect(parseInt(verdict?.timeouts.create ?? "")).toBeGreaterThan(4 * 200);
});

describe("fails if", () => {
  test.each<[string, Place, string]>([
    ["the cluster's network has no such annotation", { type: "other" }, "switching must be left out"],
    [
      "the namespace has the annotation by itself",
      { multicastSwitch: "ovn-kubernetes" },
      "switching must be of a namespace that has no switch of its own",
    ],
    [
      "a receiver would have to hear from the start",
      { receivers: () => [receiver, { name: "heard", node: "agent" }] },
      "receivers[1] must be one that joins the group",
    ],
    [
      "a receiver never joins",
      { receivers: () => [{ ...receiver, joins: false }] },
      "receivers[0] must be one that joins the group",
    ],
    [
      "a receiver is in a namespace that is not switched",
      { receivers: (namespace) => [receiver, { ...receiver, name: "apart", namespace }] },
      "receivers[1] must be one that joins the group",
    ],
  ])("%s", (_, where, fault) => {
    expect(faultsOf(() => stackWith(where)).join("\n")).toContain(fault);
  });

  test("the network is an attached one", () => {
    const network = testNetwork(newStack());
    const faults = faultsOf(() => {
      new MulticastCheck(network.namespace, "Follows", { network, group, switching: true, receivers: [receiver] });
    });
    expect(faults.join("\n")).toContain("switching must be left out");
  });
});
