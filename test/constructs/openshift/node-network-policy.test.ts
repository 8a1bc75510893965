import type { Distribution } from "../../../constructs/cluster/cluster";
import { NodeNetworkPolicy, type NodeNetworkPolicyProps } from "../../../constructs/openshift/node-network-policy";
import { NodeNetworkState } from "../../../constructs/openshift/node-network-state";
import { faultsOf } from "../../helpers/faults";
import { newStack, stored, synthStack, type Block } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";

const vlan = NodeNetworkState.vlan({ baseInterface: "eth1", id: 120 });

function policy(props: Partial<NodeNetworkPolicyProps> = {}, distribution: Distribution = "openshift") {
  const stack = newStack();
  const cluster = new TestCluster(stack, "Cluster", distribution);
  const made = new NodeNetworkPolicy(stack, "Vlan", { cluster, state: vlan, ...props });
  const steps = synthStack(stack).all("terraform_data") as (Block & { input: Record<string, string> })[];
  const object = (name: string) => JSON.parse(stored(steps[0]!.input[name]!)) as { metadata: object; spec: object };
  return { made, steps, present: object("LAB_MANIFEST"), absent: object("LAB_ABSENT") };
}

test("a VLAN interface is made on the workers, and taken off them", () => {
  const { made, present, absent, steps } = policy();
  expect(made.policyName).toBe("vlan");
  expect(present).toMatchObject({
    apiVersion: "nmstate.io/v1",
    kind: "NodeNetworkConfigurationPolicy",
    metadata: { name: "vlan" },
    spec: {
      nodeSelector: { "node-role.kubernetes.io/worker": "" },
      desiredState: {
        interfaces: [{ name: "eth1.120", type: "vlan", state: "up", vlan: { "base-iface": "eth1", id: 120 } }],
      },
    },
  });
  expect(absent).toMatchObject({
    metadata: { name: "vlan-absent" },
    spec: { desiredState: { interfaces: [{ name: "eth1.120", state: "absent" }] } },
  });
  const guard = steps.find(({ depends_on: on }) => !on);
  expect(guard?.provisioner).toMatchObject([{ "local-exec": { when: "destroy", command: "remove" } }]);
});

test("every prop is used", () => {
  const { present, absent, steps } = policy({
    policyName: "media-localnet",
    nodeSelector: { "kubernetes.io/hostname": "node-1" },
    timeoutSeconds: 60,
    state: NodeNetworkState.localnet({ localnet: "media", bridge: "ovs-media", port: "eth1" }),
  });
  const mapping = (state: string) => ({
    ovn: { "bridge-mappings": [{ localnet: "media", bridge: "ovs-media", state }] },
  });
  const bridge = { name: "ovs-media", type: "ovs-bridge" };
  expect(present).toMatchObject({
    metadata: { name: "media-localnet" },
    spec: {
      nodeSelector: { "kubernetes.io/hostname": "node-1" },
      desiredState: { ...mapping("present"), interfaces: [{ ...bridge, bridge: { port: [{ name: "eth1" }] } }] },
    },
  });
  expect(absent.spec).toMatchObject({
    desiredState: { ...mapping("absent"), interfaces: [{ ...bridge, state: "absent" }] },
  });
  expect(steps[0]?.input.LAB_WAIT_SECONDS).toBe("60");
});

test("a bridge that is there is mapped and never touched; any state of one's own is kept", () => {
  const { present } = policy({ state: NodeNetworkState.localnet({ localnet: "physnet", bridge: "br-ex" }) });
  expect(present.spec).not.toHaveProperty("desiredState.interfaces");
  const own = policy({ state: NodeNetworkState.of({ "dns-resolver": { x: "${y}" } }, { interfaces: [] }) });
  expect(own.present.spec).toMatchObject({ desiredState: { "dns-resolver": { x: "${y}" } } });
});

test.each<[string, Partial<NodeNetworkPolicyProps>, string]>([
  ["the name is none", { policyName: "A" }, "policyName must"],
  ["the name is too long", { policyName: "a".repeat(57) }, "policyName must have at most 56"],
  ["a label is none", { nodeSelector: { "a/b/c": "" } }, "nodeSelector must"],
  ["the time is too short", { timeoutSeconds: 1 }, "timeoutSeconds must"],
  [
    "the VLAN is on the cluster's NIC",
    { state: NodeNetworkState.vlan({ baseInterface: "eth0", id: 5 }) },
    "state.baseInterface must not be",
  ],
  [
    "the VLAN is on br-ex",
    { state: NodeNetworkState.vlan({ baseInterface: "br-ex", id: 5 }) },
    "state.baseInterface must not be",
  ],
  ["the VLAN is none", { state: NodeNetworkState.vlan({ baseInterface: "eth1", id: 4095 }) }, "state.id must"],
  [
    "the interface's name is too long",
    { state: NodeNetworkState.vlan({ baseInterface: "enp129s0f1np1", id: 120 }) },
    "state.baseInterface must",
  ],
  ["the MTU is none", { state: NodeNetworkState.vlan({ baseInterface: "eth1", id: 5, mtu: 1 }) }, "state.mtu must"],
  [
    "the physical network has no name",
    { state: NodeNetworkState.localnet({ localnet: "", bridge: "br1" }) },
    "state.localnet must",
  ],
  [
    "the bridge would take the cluster's NIC",
    { state: NodeNetworkState.localnet({ localnet: "media", bridge: "br1", port: "eth0" }) },
    "state.port must not be",
  ],
  [
    "br-ex would get another port",
    { state: NodeNetworkState.localnet({ localnet: "media", bridge: "br-ex", port: "eth1" }) },
    "state.bridge must not be",
  ],
])("fails if %s", (_, props, fault) => {
  expect(faultsOf(() => policy(props)).join("\n")).toContain(`[lab/Vlan] ${fault}`);
});

test("fails if a cluster without OVN-Kubernetes gets a localnet", () => {
  const state = NodeNetworkState.localnet({ localnet: "media", bridge: "br1" });
  expect(faultsOf(() => policy({ state }, "k3s")).join()).toContain("state must have OVN-Kubernetes");
});
