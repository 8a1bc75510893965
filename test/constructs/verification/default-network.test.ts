import type { Distribution } from "../../../constructs/cluster/cluster";
import type { ClusterNetwork } from "../../../constructs/cluster/cluster-network";
import type { MulticastSwitch } from "../../../constructs/namespace/multicast-switch";
import { MulticastNamespace } from "../../../constructs/namespace/multicast-namespace";
import { DefaultNetwork, type DefaultNetworkOptions } from "../../../constructs/verification/checked-network";
import { MulticastCheck } from "../../../constructs/verification/multicast-check";
import type { MulticastCheckProps } from "../../../constructs/verification/multicast-check-props";
import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import { SocatCheck } from "../../../constructs/verification/socat-check";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";
import { configsOf, podsOf } from "./check-objects";

const group = MulticastGroup.of("239.1.1.1", { port: 5004, ttl: 64 });
const image = "lab.local/probe:1";

interface Place {
  readonly distribution?: Distribution;
  readonly clusterNetwork?: ClusterNetwork;
  readonly multicastSwitch?: MulticastSwitch;
  readonly options?: DefaultNetworkOptions;
}

function place({ distribution = "openshift", clusterNetwork, multicastSwitch, options }: Place = {}) {
  const stack = newStack();
  const cluster = new TestCluster(stack, "Cluster", distribution, clusterNetwork);
  const namespace = new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media", multicastSwitch });
  return { stack, network: DefaultNetwork.of(namespace, options) };
}

function faults(where: Place, props: Partial<MulticastCheckProps> = {}): readonly string[] {
  return faultsOf(() => {
    const { stack, network } = place(where);
    return new MulticastCheck(stack, "Works", { network, group, ...props });
  });
}

test("a check's pods are attached to nothing, and take part by eth0", () => {
  const { stack, network } = place();
  new MulticastCheck(stack, "Works", { network, group });
  const synthesised = synthStack(stack);
  for (const pod of Object.values(podsOf(synthesised)))
    expect(Object.keys(pod.metadata.annotations ?? {})).not.toContain("k8s.v1.cni.cncf.io/networks");
  expect(configsOf(synthesised)).toMatchObject({
    "sender.json": { interface: "eth0", ttl: 64 },
    "other-node.json": { interface: "eth0", joins: ["239.1.1.1"] },
    "verdict.json": { interface: "eth0", network: { kind: "cluster", name: "default" } },
  });
});

test("socat takes answers from the cluster's pod network, as the documents do", () => {
  const { stack, network } = place({ options: { interfaceName: "ovn0" } });
  new SocatCheck(stack, "Answers", { network, image });
  const configs = configsOf(synthStack(stack));
  expect(configs["mlistener.json"]).toMatchObject({ interface: "ovn0" });
  expect(configs["verdict.json"]).toMatchObject({ range: "10.42.0.0/16", interface: "ovn0" });
});

const silent = { receivers: [{ name: "a", node: "agent", expect: "silent" as const }] };
const ovn = (openshiftVersion: string): ClusterNetwork => ({ type: "ovn-kubernetes", openshiftVersion });

test.each<[string, Place, Partial<MulticastCheckProps>, string]>([
  ["the cluster's network is flannel", { distribution: "k3s" }, {}, "network must be one that carries multicast"],
  [
    "multicast is not switched on in the namespace",
    { multicastSwitch: "none" },
    {},
    "network must have multicast switched on in the namespace media",
  ],
  [
    "OpenShift 4.4 would multicast between nodes",
    { clusterNetwork: ovn("4.4.12") },
    {},
    "network must be one node: on OpenShift 4.4.12",
  ],
  [
    "a TTL of 1 would have to cross OVN-Kubernetes' routers",
    {},
    { group: MulticastGroup.of("239.1.1.1", { port: 5004 }) },
    "group.ttl must be above 1",
  ],
  [
    "the interface's name is none",
    { options: { interfaceName: "eth 0" } },
    {},
    "network.interfaceName must be a Linux interface name",
  ],
])("fails if %s", (_, where, props, message) => {
  expect(faults(where, props)).toEqual([expect.stringContaining(message)]);
});

test.each<[string, Place, Partial<MulticastCheckProps>]>([
  ["silence is expected of flannel", { distribution: "k3s" }, silent],
  ["silence is expected of a namespace without the switch", { multicastSwitch: "none" }, silent],
  ["nothing is known of the cluster's network", { distribution: "kubernetes" }, {}],
  [
    "OpenShift 4.4 multicasts on one node",
    { clusterNetwork: ovn("4.4.12") },
    { receivers: [{ name: "a", node: "server" }] },
  ],
])("may be checked where %s", (_, where, props) => {
  expect(faults(where, props)).toEqual([]);
});

test("the socat check is refused for the same reasons", () => {
  const build = (): SocatCheck => {
    const { stack, network } = place({ clusterNetwork: ovn("4.5") });
    return new SocatCheck(stack, "Answers", { network, image });
  };
  expect(faultsOf(build)).toEqual([expect.stringContaining("BZ#1843695")]);
});
