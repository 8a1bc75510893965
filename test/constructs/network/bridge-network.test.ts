import { BridgeNetwork, type BridgeNetworkProps } from "../../../constructs/network/bridge-network";
import { Ipam } from "../../../constructs/network/ipam";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { surroundings } from "../../helpers/test-cluster";

function network(props: Partial<BridgeNetworkProps> = {}) {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  return {
    stack,
    plane: new BridgeNetwork(stack, "Plane", { multus, namespace, bridge: "br1", ipam: Ipam.none(), ...props }),
  };
}

test("a network with the required props is a bridge and nothing more", () => {
  const { stack, plane } = network();
  expect(plane).toMatchObject({ networkName: "plane", bridge: "br1", hasMulticastRoute: false });
  expect(synthStack(stack).nad("plane")).toEqual({
    cniVersion: "1.0.0",
    name: "media.plane",
    type: "bridge",
    capabilities: { ips: true, mac: true },
    bridge: "br1",
    ipam: {},
  });
});

test("every prop reaches the plugins", () => {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  const all: Required<BridgeNetworkProps> = {
    multus,
    namespace,
    bridge: "br1",
    ipam: Ipam.hostLocal({ subnet: "10.20.0.0/24" }),
    networkName: "local",
    mtu: 9000,
    isGateway: true,
    ipMasq: true,
    hairpinMode: true,
    promiscMode: false,
    vlan: 120,
    macspoofchk: true,
    portIsolation: true,
    multicastRoute: true,
    takesDefaultRoute: false,
    tuning: { promisc: true },
  };
  new BridgeNetwork(stack, "Plane", all);
  expect(synthStack(stack).nad("local").plugins).toEqual([
    {
      type: "bridge",
      capabilities: { ips: true, mac: true },
      bridge: "br1",
      mtu: 9000,
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      promiscMode: false,
      vlan: 120,
      macspoofchk: true,
      portIsolation: true,
      ipam: {
        type: "host-local",
        ranges: [[{ subnet: "10.20.0.0/24" }]],
        routes: [{ dst: "224.0.0.0/4", gw: "0.0.0.0" }],
      },
    },
    { type: "tuning", promisc: true },
  ]);
});

test.each<[string, Partial<BridgeNetworkProps>, string]>([
  ["the bridge is no interface name", { bridge: "a/b" }, "bridge must be a Linux interface name"],
  ["the bridge carries the cluster", { bridge: "eth0" }, "bridge must not be an interface that carries the cluster"],
  ["the VLAN is out of bounds", { vlan: 4095 }, "vlan must be a whole number from 1 to 4094"],
  ["it is hairpin and promiscuous", { hairpinMode: true, promiscMode: true }, "promiscMode must be false with hairpin"],
])("fails if %s", (_title, props, expected) => {
  expect(faultsOf(() => network(props)).join("\n")).toContain(expected);
});
