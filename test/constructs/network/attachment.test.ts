import { Attachment, networksAnnotation, type AttachmentProps } from "../../../constructs/network/attachment";
import { checkAttachments } from "../../../constructs/network/attachment-rules";
import { Ipam } from "../../../constructs/network/ipam";
import { MacvlanNetwork } from "../../../constructs/network/macvlan-network";
import { Faults } from "../../../constructs/private/validate";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";
import { surroundings } from "../../helpers/test-cluster";

function plane() {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  const ranges = [{ subnet: "10.20.0.0/24" }, { subnet: "fd00:20::/64" }];
  return new MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam: Ipam.static({ ranges }) });
}

test("an attachment without options leaves address and MAC to the plugins", () => {
  const network = plane();
  expect(JSON.parse(networksAnnotation([Attachment.of(network)]))).toEqual([
    { name: "plane", namespace: "media", interface: "net1" },
  ]);
});

test("every option is in the annotation; the same network twice gives two interfaces", () => {
  const network = plane();
  const all: Required<AttachmentProps> = {
    ips: ["10.20.0.50/24", "fd00:20::50/64"],
    mac: "02:00:00:00:00:01",
    interfaceName: "data0",
    defaultRoute: ["10.20.0.1"],
  };
  expect(JSON.parse(networksAnnotation([Attachment.of(network, all), Attachment.of(network)]))).toEqual([
    {
      name: "plane",
      namespace: "media",
      interface: "data0",
      ips: all.ips,
      mac: all.mac,
      "default-route": ["10.20.0.1"],
    },
    { name: "plane", namespace: "media", interface: "net2" },
  ]);
});

function faults(...all: AttachmentProps[]) {
  const network = plane();
  const found = new Faults(network);
  const attachments = all.map((props) => Attachment.of(network, props));
  return faultsOf(() => {
    checkAttachments(found, attachments);
    found.throwIfAny();
  });
}

const hostLocal = Ipam.hostLocal({ subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", gateway: "10.20.0.60" });

function faultsIn(ipam: Ipam, props: AttachmentProps): string {
  const stack = newStack();
  const network = new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam });
  const found = new Faults(stack);
  checkAttachments(found, [Attachment.of(network, props)]);
  return faultsOf(() => found.throwIfAny()).join();
}

test("planned addresses pass the network's own rules", () => {
  const network = plane();
  expect(faults({ ips: network.nextAddresses() }, { ips: network.nextAddresses() })).toEqual([]);
});

test("the same network twice may share its subnet; two networks may not", () => {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  const [first, second] = ["eth1", "eth2"].map((master, index) => {
    const ipam = Ipam.hostLocal({ subnet: "10.20.0.0/24" });
    return new MacvlanNetwork(stack, `Plane${index}`, { multus, namespace, master, ipam });
  });
  const found = (...networks: MacvlanNetwork[]) => {
    const faults = new Faults(stack);
    checkAttachments(
      faults,
      networks.map((network) => Attachment.of(network)),
    );
    return faultsOf(() => faults.throwIfAny()).join();
  };
  expect(found(first!, first!)).toBe("");
  expect(found(first!, second!)).toContain("attachments[1].network must not share a subnet with plane0");
});

test.each<[string, Ipam, AttachmentProps, string]>([
  ["host-local has no such address", hostLocal, { ips: ["10.20.0.49/24"] }, "ips[0] must lie inside plane's ranges"],
  ["host-local keeps its gateway", hostLocal, { ips: ["10.20.0.60/24"] }, "ips[0] must not be plane's gateway"],
  ["static has no address for the pod", Ipam.static(), {}, "ips must name an address"],
  ["nobody reads the address", Ipam.dhcp(), { ips: ["10.20.0.9/24"] }, "ips must be left out"],
])("fails if %s", (_title, ipam, props, expected) => {
  expect(faultsIn(ipam, props)).toContain(expected);
});

test("addresses that the IPAM takes are taken", () => {
  expect(faultsIn(hostLocal, { ips: ["10.20.0.50/24"] })).toBe("");
  expect(faultsIn(hostLocal, {})).toBe("");
  expect(faultsIn(Ipam.static({ addresses: ["10.20.0.9/24"] }), {})).toBe("");
  expect(faultsIn(Ipam.dhcp(), {})).toBe("");
});

test.each<[string, AttachmentProps[], string]>([
  ["an address has no prefix length", [{ ips: ["10.20.0.50"] }], "attachments[0].ips[0] must be an interface address"],
  ["an address is the network's", [{ ips: ["10.20.0.0/24"] }], "attachments[0].ips[0] must be an interface address"],
  ["an address lies outside", [{ ips: ["10.21.0.50/24"] }], "must be an address of plane's subnets"],
  ["a prefix length differs", [{ ips: ["10.20.0.50/16"] }], "must be an address of plane's subnets"],
  [
    "a family comes twice",
    [{ ips: ["10.20.0.50/24", "10.20.0.51/24"] }],
    "must hold at most one address of each family",
  ],
  ["the MAC is a group's", [{ mac: "01:00:5e:00:00:01" }], "attachments[0].mac must be a unicast MAC"],
  ["the MAC is nobody's", [{ mac: "00:00:00:00:00:00" }], "attachments[0].mac must be a unicast MAC"],
  ["the interface name is too long", [{ interfaceName: "n123456789012345" }], "interfaceName must be a Linux"],
  ["the interface is the pod's own", [{ interfaceName: "eth0" }], "interfaceName must not be lo or eth0"],
  ["the gateway has a prefix length", [{ defaultRoute: ["10.20.0.1/24"] }], "defaultRoute[0] must be an IPv4 or IPv6"],
  [
    "two interfaces have one name",
    [{ interfaceName: "net2" }, {}],
    "attachments must have interface names of their own",
  ],
  [
    "an address comes twice",
    [{ ips: ["10.20.0.50/24"] }, { ips: ["10.20.0.50/24"] }],
    "attachments must have addresses",
  ],
  ["a MAC comes twice", [{ mac: "02:00:00:00:00:01" }, { mac: "02:00:00:00:00:01" }], "attachments must have MAC"],
])("fails if %s", (_title, props, expected) => {
  expect(faults(...props).join("\n")).toContain(expected);
});
