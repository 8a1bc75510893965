import { Attachment } from "../../../constructs/network/attachment";
import { checkAttachments } from "../../../constructs/network/attachment-rules";
import { Ipam } from "../../../constructs/network/ipam";
import { IpvlanMode } from "../../../constructs/network/ipvlan-mode";
import { IpvlanNetwork, type IpvlanNetworkProps } from "../../../constructs/network/ipvlan-network";
import { MacvlanNetwork } from "../../../constructs/network/macvlan-network";
import { Faults } from "../../../constructs/private/validate";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { surroundings } from "../../helpers/test-cluster";

const subnet = "10.20.0.0/24";

function network(props: Partial<IpvlanNetworkProps> = {}) {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  const ipam = Ipam.hostLocal({ subnet });
  return { stack, plane: new IpvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam, ...props }) };
}

test("a network with the required props works on the link and routes multicast to the interface", () => {
  const { stack, plane } = network();
  expect(plane).toMatchObject({ networkName: "plane", master: "eth1", hasMulticastRoute: true });
  expect(synthStack(stack).nad("plane")).toEqual({
    cniVersion: "1.0.0",
    name: "media.plane",
    type: "ipvlan",
    capabilities: { ips: true },
    master: "eth1",
    mode: "l2",
    ipam: { type: "host-local", ranges: [[{ subnet }]], routes: [{ dst: "224.0.0.0/4", gw: "0.0.0.0" }] },
  });
});

test("every prop reaches the plugins", () => {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  const all: Required<IpvlanNetworkProps> = {
    multus,
    namespace,
    master: "ens4.120",
    ipam: Ipam.hostLocal({ subnet, routes: [{ dst: "0.0.0.0/0", gw: "10.20.0.1" }] }),
    networkName: "routed",
    mode: IpvlanMode.L3S,
    mtu: 9000,
    masterMtu: 9000,
    linkInContainer: true,
    multicastRoute: false,
    takesDefaultRoute: true,
    tuning: { txQLen: 5000 },
  };
  new IpvlanNetwork(stack, "Plane", all);
  expect(synthStack(stack).nad("routed").plugins).toEqual([
    {
      type: "ipvlan",
      capabilities: { ips: true },
      master: "ens4.120",
      mode: "l3s",
      mtu: 9000,
      linkInContainer: true,
      ipam: { type: "host-local", ranges: [[{ subnet }]], routes: [{ dst: "0.0.0.0/0", gw: "10.20.0.1" }] },
    },
    { type: "tuning", txQLen: 5000 },
  ]);
});

test("a routing mode carries no multicast and gets no route for it", () => {
  expect(network({ mode: IpvlanMode.L3 }).plane.hasMulticastRoute).toBe(false);
});

test.each<[string, Partial<IpvlanNetworkProps>, string]>([
  ["the mode is none of the kernel's", { mode: "l4" as IpvlanMode }, 'mode must be one of "l2", "l3", "l3s"'],
  ["the route is asked for where nothing comes", { mode: IpvlanMode.L3, multicastRoute: true }, "in mode l3"],
  ["the pods get no address", { ipam: Ipam.none() }, "ipam must give each pod an address on ipvlan"],
  ["a DHCP server must tell them apart", { ipam: Ipam.dhcp() }, 'on ipvlan, got "dhcp"'],
  ["a MAC is set", { tuning: { mac: "02:00:00:00:00:01" } }, "tuning.mac must be left out"],
  ["the master carries the cluster", { master: "eth0" }, "master must not be an interface that carries the cluster"],
])("fails if %s", (_title, props, expected) => {
  expect(faultsOf(() => network(props)).join("\n")).toContain(expected);
});

test("fails if an attachment chooses its MAC", () => {
  const { plane } = network();
  const found = new Faults(plane);
  checkAttachments(found, [Attachment.of(plane, { mac: "02:00:00:00:00:01" })]);
  expect(faultsOf(() => found.throwIfAny())[0]).toContain("attachments[0].mac must be left out");
});

test("fails if macvlan has the master already", () => {
  const { stack, plane } = network();
  const around = { multus: stack.node.findChild("Multus") as never, namespace: plane.namespace };
  const beside = (master: string) => () =>
    new MacvlanNetwork(stack, `On-${master}`, { ...around, master, ipam: Ipam.none() });
  expect(faultsOf(beside("eth1"))[0]).toContain("master must not be the master of ipvlan too, as it is for lab/Plane");
  expect(faultsOf(beside("eth1.120"))).toEqual([]);
});
