import { host } from "./hosts";
import type { ClusterNode, ICluster } from "../../../constructs/cluster/cluster";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import { checkTolerations, tolerationsOn, type Toleration } from "../../../constructs/cluster/toleration";
import { Faults } from "../../../constructs/private/validate";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";

const usual = ["control-plane", "master", "etcd"].map((role) => ({
  key: `node-role.kubernetes.io/${role}`,
  operator: "Exists",
}));
const clusterOf = (...nodes: ClusterNode[]): ICluster => Object.assign(new TestCluster(newStack()), { nodes });
const server: ClusterNode = { name: "server", role: "server" };
const media: ClusterNode = {
  name: "media",
  role: "agent",
  taints: [
    { key: "example.com/media", value: "yes", effect: "NoExecute" },
    { key: "example.com/spare", effect: "NoSchedule" },
    { key: "example.com/slow", effect: "PreferNoSchedule" },
  ],
};
const onMedia = [
  { key: "example.com/media", operator: "Equal", value: "yes", effect: "NoExecute" },
  { key: "example.com/spare", operator: "Exists", effect: "NoSchedule" },
];
const own: Toleration = { key: "example.com/own", operator: "Exists" };

test.each<[string, ICluster, string | undefined, object[]]>([
  ["on a node with taints these", clusterOf(server, media), "media", onMedia],
  ["on a server those that servers usually have", clusterOf(server, media), "server", usual],
  ["on an agent without taints nothing", clusterOf({ name: "agent", role: "agent" }), "agent", []],
  ["where the scheduler chooses nothing", clusterOf(server, media), undefined, []],
  ["where it has nodes with taints only, all of them", clusterOf(media), undefined, onMedia],
])("a pod tolerates %s, and what was asked for", (_, cluster, node, expected) => {
  expect(tolerationsOn(cluster, node)).toEqual(expected);
  expect(tolerationsOn(cluster, node, [own])).toEqual([...expected, own]);
});

test("a K3s cluster knows the taints of its hosts", () => {
  const taint = { key: "CriticalAddonsOnly", value: "true", effect: "NoExecute" as const };
  const servers = [host("192.0.2.11", { nodeName: "server", nodeTaints: [taint] })];
  const { nodes } = new K3sCluster(newStack(), "Cluster", { servers, agents: [host("192.0.2.12")] });
  expect(nodes.map(({ taints }) => taints)).toEqual([[taint], undefined]);
});

test.each<[string, Toleration, string]>([
  ["a key is none", { key: "a b", operator: "Exists" }, "tolerations[0].key must"],
  ["a value is none", { key: "a", value: "b c" }, "tolerations[0].value must"],
  ["there is no such operator", { key: "a", operator: "In" as never }, "tolerations[0].operator must"],
  ["there is no such effect", { key: "a", effect: "Never" as never }, "tolerations[0].effect must"],
  ["Exists has a value", { key: "a", operator: "Exists", value: "b" }, "tolerations[0].value must be left out"],
  ["there is no key", { value: "b" }, "tolerations[0].key must be given"],
])("fails if %s", (_, toleration, message) => {
  const found = faultsOf(() => {
    const faults = new Faults(newStack());
    checkTolerations(faults, [toleration]);
    faults.throwIfAny();
  });
  expect(found).toEqual([expect.stringContaining(message)]);
});
