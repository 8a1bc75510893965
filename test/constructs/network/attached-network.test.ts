/** What all attached networks have in common: another NIC name on some nodes, and the tuning of the pods' interfaces. */
import { Attachment, NETWORKS_ANNOTATION } from "../../../constructs/network/attachment";
import { Ipam } from "../../../constructs/network/ipam";
import { MacvlanNetwork, type MacvlanNetworkProps } from "../../../constructs/network/macvlan-network";
import type { Tuning } from "../../../constructs/network/tuning";
import { MulticastCheck } from "../../../constructs/verification/multicast-check";
import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import { VerificationPod } from "../../../constructs/verification/verification-pod";
import { faultsOf } from "../../helpers/faults";
import { nodeOfSpec } from "../../helpers/placement";
import { newStack, stored, synthStack, type Synthesised } from "../../helpers/synth";
import { surroundings } from "../../helpers/test-cluster";

const ipam = Ipam.hostLocal({ subnet: "10.20.0.0/24" });
const groups = [
  { master: "eth1", nodes: ["server"] },
  { master: "ens4.120", nodes: ["agent"] },
];

function plane(props: Partial<MacvlanNetworkProps> = {}) {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  return { stack, network: new MacvlanNetwork(stack, "Plane", { multus, namespace, master: groups, ipam, ...props }) };
}

/** Name of the network that each pod is attached to, by the node it is bound to. */
function networksByNode(result: Synthesised): [string, string][] {
  return result.all("kubernetes_pod_v1").flatMap(({ metadata, spec }) => {
    const { annotations = {} } = metadata as { annotations?: Record<string, string> };
    const text = annotations[NETWORKS_ANNOTATION];
    if (text === undefined) return [];
    const [network] = JSON.parse(stored(text)) as { name: string }[];
    return [[nodeOfSpec(spec) ?? "", network!.name] as [string, string]];
  });
}

describe("a network whose NIC has another name on some nodes", () => {
  test("has a definition for each group, with names that are labels", () => {
    const { stack, network } = plane();
    const names = ["server", "agent", "nowhere", undefined].map((node) => network.nameOn(node));
    expect(names).toEqual(["plane-eth1", expect.stringMatching(/^plane-ens4-120-[0-9a-f]{8}$/), undefined, undefined]);
    const result = synthStack(stack);
    expect(result.nad("plane-eth1")).toMatchObject({ name: "media.plane-eth1", master: "eth1" });
    expect(result.nad(names[1]!)).toMatchObject({ master: "ens4.120" });
    expect(network.ready).toHaveLength(2);
  });

  test("attaches each pod of a check by its node", () => {
    const { stack, network } = plane();
    new MulticastCheck(stack, "Check", { network, group: MulticastGroup.of("239.1.1.1", { port: 5004 }) });
    const attached = networksByNode(synthStack(stack));
    expect(attached).toHaveLength(5);
    expect(attached.filter(([node, name]) => name !== network.nameOn(node))).toEqual([]);
    expect(new Set(attached.map(([node]) => node))).toEqual(new Set(["server", "agent"]));
  });

  test("takes an override for all groups", () => {
    const { stack, network } = plane();
    network.addCniOverride("mtu", 1400);
    expect(synthStack(stack).nad("plane-eth1")).toMatchObject({ mtu: 1400 });
    expect(synthStack(stack).nad(network.nameOn("agent")!)).toMatchObject({ mtu: 1400 });
  });

  test("fails if a pod may run anywhere, or where the network is not", () => {
    const { stack, network } = plane({ master: [groups[0]!] });
    const pod = (id: string, node?: string) => () =>
      new VerificationPod(stack, id, {
        namespace: network.namespace,
        command: ["node"],
        node,
        attachments: [Attachment.of(network)],
      });
    expect(faultsOf(pod("Anywhere"))[0]).toContain(
      "attachments[0].network must be a network with one name on all nodes",
    );
    expect(faultsOf(pod("Elsewhere", "agent"))[0]).toContain("must have a group that holds the pod's node agent");
    expect(faultsOf(pod("Here", "server"))).toEqual([]);
  });

  test("fails if another network has the addresses on one of its masters", () => {
    const { stack, network } = plane();
    const around = { multus: stack.node.findChild("Multus") as never, namespace: network.namespace };
    const beside = () => new MacvlanNetwork(stack, "Other", { ...around, master: "ens4.120", ipam });
    expect(faultsOf(beside)[0]).toContain("of lab/Plane on the same master");
  });
});

test.each<[string, MacvlanNetworkProps["master"], string]>([
  ["there is no group", [], "master must name at least one group of nodes"],
  ["a group is empty", [{ master: "eth1", nodes: [] }], "master[0].nodes must name at least one node"],
  ["a node is unknown", [{ master: "eth1", nodes: ["x"] }], "master[0].nodes[0] must be a node of the cluster"],
  ["two groups have one master", [groups[0]!, { master: "eth1", nodes: ["agent"] }], "master[1].master must be named"],
  ["a node is in two groups", [groups[0]!, { master: "eth2", nodes: ["server"] }], "master must hold each node once"],
  ["a group's master carries the cluster", [{ master: "eth0", nodes: ["agent"] }], "master[0].master must not be"],
  ["a group's VLAN is out of bounds", [{ master: "eth1.0", nodes: ["agent"] }], "master[0].master must name a VLAN"],
])("fails if %s", (_title, master, expected) => {
  expect(faultsOf(() => plane({ master })).join("\n")).toContain(expected);
});

test("tuning takes every prop", () => {
  const all: Required<Tuning> = {
    sysctls: { "net.ipv4.conf.IFNAME.rp_filter": "0" },
    allmulti: true,
    promisc: true,
    mac: "02:00:00:00:00:01",
    mtu: 1400,
    txQLen: 0,
  };
  const { stack } = plane({ master: "eth1", tuning: all });
  const { sysctls, ...same } = all;
  expect((synthStack(stack).nad("plane").plugins as unknown[])[1]).toEqual({
    type: "tuning",
    capabilities: { mac: true },
    sysctl: sysctls,
    ...same,
  });
});

test.each<[string, Tuning, string]>([
  [
    "a setting is not the network's",
    { sysctls: { "kernel.panic": "1" } },
    "tuning.sysctls must be the name of a kernel",
  ],
  ["a setting leaves the directory", { sysctls: { "net/../kernel/panic": "1" } }, "tuning.sysctls must be the name"],
  ["a setting names the interface twice", { sysctls: { "net.IFNAME.IFNAME": "1" } }, "IFNAME once at most"],
  ["a setting's value has two lines", { sysctls: { "net.x": "1\n2" } }, 'tuning.sysctls["net.x"] must be one line'],
  ["the MAC is a group's", { mac: "01:00:5e:00:00:01" }, "tuning.mac must be a unicast MAC"],
  ["the MTU is too small", { mtu: 67 }, "tuning.mtu must be a whole number"],
  ["the MTU is above the network's", { mtu: 9000 }, "tuning.mtu must not be above the network's mtu 1500"],
  ["the queue is too long", { txQLen: 4294967296 }, "tuning.txQLen must be a whole number"],
])("fails if %s", (_title, tuning, expected) => {
  expect(faultsOf(() => plane({ mtu: 1500, tuning })).join("\n")).toContain(expected);
});
