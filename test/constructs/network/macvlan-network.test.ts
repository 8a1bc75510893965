import { Ipam } from "../../../constructs/network/ipam";
import { MacvlanMode } from "../../../constructs/network/macvlan-mode";
import { MacvlanNetwork, type MacvlanNetworkProps } from "../../../constructs/network/macvlan-network";
import { faultsOf } from "../../helpers/faults";
import { newStack, synth, synthStack } from "../../helpers/synth";
import { surroundings, type Surroundings } from "../../helpers/test-cluster";

const subnet = "10.20.0.0/24";
const range = { subnet, rangeStart: "10.20.0.50", rangeEnd: "10.20.0.99" };
const withoutGateway = { dst: "224.0.0.0/4", gw: "0.0.0.0" };

type Overrides = Partial<MacvlanNetworkProps>;

function network(around: Surroundings, props: Overrides = {}, id = "Plane") {
  const { multus, namespace } = around;
  const scope = multus.node.scope!;
  return new MacvlanNetwork(scope, id, { multus, namespace, master: "eth1", ipam: Ipam.hostLocal(range), ...props });
}

/** The CNI configuration that these props give. */
function cni(props: Overrides) {
  const stack = newStack();
  const plane = network(surroundings(stack), props);
  return synthStack(stack).nad(plane.networkName);
}

/** The faults that these props are refused with. */
const faults = (props: Overrides) => faultsOf(() => network(surroundings(newStack()), props));

test("a network with the required props bridges, plans addresses and routes multicast to the interface", () => {
  expect(cni({})).toEqual({
    cniVersion: "1.0.0",
    name: "media.plane",
    type: "macvlan",
    capabilities: { ips: true, mac: true },
    master: "eth1",
    mode: "bridge",
    ipam: { type: "host-local", ranges: [[range]], routes: [withoutGateway] },
  });
});

test("every prop reaches the plugin", () => {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  const all: Required<MacvlanNetworkProps> = {
    multus,
    namespace,
    master: "ens4.120",
    ipam: Ipam.hostLocal({ ...range, routes: [{ dst: "0.0.0.0/0", gw: "10.20.0.1" }] }),
    networkName: "jumbo",
    mode: MacvlanMode.VEPA,
    mtu: 9000,
    bcqueuelen: 5000,
    masterMtu: 9000,
    linkInContainer: true,
    multicastRoute: false,
    takesDefaultRoute: true,
    tuning: { allmulti: true },
  };
  expect(new MacvlanNetwork(stack, "Plane", all)).toMatchObject({ hasMulticastRoute: false, networkName: "jumbo" });
  expect(synthStack(stack).nad("jumbo")).toEqual({
    cniVersion: "1.0.0",
    name: "media.jumbo",
    plugins: [
      {
        type: "macvlan",
        capabilities: { ips: true, mac: true },
        master: "ens4.120",
        mode: "vepa",
        mtu: 9000,
        bcqueuelen: 5000,
        linkInContainer: true,
        ipam: { type: "host-local", ranges: [[range]], routes: [{ dst: "0.0.0.0/0", gw: "10.20.0.1" }] },
      },
      { type: "tuning", allmulti: true },
    ],
  });
});

test("the definition waits for its namespace and for Multus", () => {
  const stack = newStack();
  const around = surroundings(stack);
  const [first, second] = [network(around), network(around, { ipam: Ipam.none() }, "Other")];
  around.namespace.ready.push(first.definitions[0]!.resource);
  expect(second.ready).toHaveLength(1);
  network({ ...around }, { ipam: Ipam.none(), master: "eth2" }, "Third");
  const releases = synthStack(stack).all("helm_release");
  expect(releases.map((release) => (release.depends_on as string[] | undefined)?.length ?? 0)).toEqual([0, 0, 1]);
});

test("an override changes what the plugin gets, also after the network was used", () => {
  const result = synth((stack) => {
    const plane = network(surroundings(stack));
    plane.addCniOverride("ipam.gateway", "10.20.0.254");
    plane.addCniOverride("promisc.deep", [1]);
  });
  expect(result.nad("plane")).toMatchObject({ ipam: { gateway: "10.20.0.254" }, promisc: { deep: [1] } });
});

test("fails if an override's path is not keys joined by dots", () => {
  const plane = network(surroundings(newStack()));
  for (const path of ["", "a..b", "__proto__.x", "a.__proto__", "a b", "${x}"]) {
    expect(faultsOf(() => plane.addCniOverride(path, 1))).toHaveLength(1);
  }
});

test.each([
  ["host-local", Ipam.hostLocal(range), true],
  ["static", Ipam.static(), true],
  ["custom", Ipam.custom({ type: "whereabouts", range: subnet }), true],
  ["none", Ipam.none(), false],
  ["dhcp", Ipam.dhcp(), false],
])("the multicast route and IPAM %s", (_name, ipam, expected) => {
  const stack = newStack();
  const plane = network(surroundings(stack), { ipam });
  const { routes } = synthStack(stack).nad("plane").ipam as { routes?: unknown[] };
  expect(plane.hasMulticastRoute).toBe(expected);
  expect(routes).toEqual(expected ? [withoutGateway] : undefined);
});

test.each<[string, Ipam, string[]]>([
  ["static", Ipam.static({ ranges: [{ subnet }, { subnet: "fd00:20::/64" }] }), ["224.0.0.0/4", "ff00::/8"]],
  ["whereabouts", Ipam.whereabouts({ subnet: "fd00:20::/64" }), ["224.0.0.0/4", "ff00::/8"]],
  ["whereabouts with a gateway", Ipam.whereabouts({ subnet: "fd00:20::/64", gateway: "fd00:20::1" }), ["224.0.0.0/4"]],
  ["host-local, whose answer has a gateway", Ipam.hostLocal({ subnet: "fd00:20::/64" }), ["224.0.0.0/4"]],
])("the multicast routes of an IPv6 network with %s", (_name, ipam, expected) => {
  const stack = newStack();
  const plane = network(surroundings(stack), { ipam });
  const { routes } = synthStack(stack).nad("plane").ipam as { routes: { dst: string }[] };
  expect(routes.map(({ dst }) => dst)).toEqual(expected);
  expect(plane.hasIpv6MulticastRoute).toBe(expected.includes("ff00::/8"));
  expect(network(surroundings(newStack()), { ipam, multicastRoute: false })).toMatchObject({
    hasMulticastRoute: false,
    hasIpv6MulticastRoute: false,
  });
});

test("a multicast route of the user's own is kept and not given twice", () => {
  const own = { dst: "224.0.0.0/4", gw: "10.20.0.1" };
  expect(cni({ ipam: Ipam.hostLocal({ ...range, routes: [own] }) })).toMatchObject({ ipam: { routes: [own] } });
});

describe("addresses for pods of ours", () => {
  test("are given once each, from the end of the range, and not the gateway", () => {
    const ipam = Ipam.hostLocal({ subnet, rangeStart: "10.20.0.96", rangeEnd: "10.20.0.99", gateway: "10.20.0.98" });
    const plane = network(surroundings(newStack()), { ipam });
    const given = [1, 2, 3].map(() => plane.nextAddresses());
    expect(given).toEqual([["10.20.0.99/24"], ["10.20.0.97/24"], ["10.20.0.96/24"]]);
    expect(faultsOf(() => plane.nextAddresses())[0]).toContain("[lab/Plane] ipam must have an address for each pod");
  });

  test("leave out network, broadcast and host-local's own gateway where no range is given", () => {
    const plane = network(surroundings(newStack()), { ipam: Ipam.hostLocal({ subnet: "10.20.0.0/29" }) });
    const given = [1, 2, 3, 4, 5].map(() => plane.nextAddresses()[0]);
    expect(given).toEqual([6, 5, 4, 3, 2].map((last) => `10.20.0.${last}/29`));
    expect(faultsOf(() => plane.nextAddresses())).toHaveLength(1);
  });

  test("are one of each family on a dual-stack network", () => {
    const ipam = Ipam.hostLocal({ ...range, additionalRanges: [{ subnet: "fd00:20::/64", rangeEnd: "fd00:20::99" }] });
    expect(network(surroundings(newStack()), { ipam }).nextAddresses()).toEqual(["10.20.0.99/24", "fd00:20::99/64"]);
  });

  test("are none where the IPAM gives them itself", () => {
    expect(network(surroundings(newStack()), { ipam: Ipam.dhcp() }).nextAddresses()).toEqual([]);
  });
});

test.each<[string, Overrides, string]>([
  ["the name is not a DNS-1123 label", { networkName: "Plane_1" }, "networkName must be a DNS-1123 label"],
  [
    "the master is not an interface name",
    { master: "a-name-too-long-by-far" },
    "master must be a Linux interface name",
  ],
  [
    "the master carries the cluster",
    { master: "eth0" },
    "must not be an interface that carries the cluster itself (eth0, cni0, flannel.1)",
  ],
  [
    "the master is a VLAN on the cluster's NIC",
    { master: "eth0.12" },
    "must not be an interface that carries the cluster",
  ],
  ["the VLAN is out of bounds", { master: "eth1.4095" }, "master must name a VLAN from 1 to 4094"],
  ["the mode is none of the kernel's", { mode: "hairpin" as MacvlanMode }, 'mode must be one of "bridge", "private"'],
  ["the MTU is too small", { mtu: 67 }, "mtu must be a whole number from 68 to 65535"],
  ["the MTU is too large", { mtu: 65536 }, "mtu must be a whole number from 68 to 65535"],
  ["the MTU is above the master's", { mtu: 9000, masterMtu: 1500 }, "mtu must not be above the master's mtu 1500"],
  ["the master's MTU is none", { masterMtu: 0 }, "masterMtu must be a whole number from 68"],
  [
    "the range is on the nodes' network",
    { ipam: Ipam.hostLocal({ subnet: "192.0.2.0/24" }) },
    "cluster's node network",
  ],
  [
    "the MTU is too small for IPv6",
    { mtu: 1279, ipam: Ipam.hostLocal({ subnet: "fd00::/64" }) },
    "mtu must be at least 1280",
  ],
  ["the queue has no place", { bcqueuelen: 0 }, "bcqueuelen must be a whole number from 1"],
  ["there is no IPAM for the route", { multicastRoute: true, ipam: Ipam.none() }, "multicastRoute must be false"],
])("fails if %s", (_title, props, expected) => {
  const found = faults(props);
  expect(found.join("\n")).toContain(expected);
  expect(found[0]).toMatch(/^\[lab\/Plane\] .* must .*, got .*; use /s);
});

test.each<[string, Overrides]>([
  ["must not overlap the cluster's join network 100.64.0.0/16", { ipam: Ipam.hostLocal({ subnet: "100.64.7.0/24" }) }],
  ["must not overlap the cluster's transit network", { ipam: Ipam.whereabouts({ subnet: "100.88.0.0/24" }) }],
  ["must not overlap the cluster's masquerade network", { ipam: Ipam.hostLocal({ subnet: "169.254.169.0/29" }) }],
  ["must not overlap the cluster's join network fd98::/64", { ipam: Ipam.hostLocal({ subnet: "fd98::/96" }) }],
  ["must not be an interface that carries the cluster itself (eth0, br-ex", { master: "br-ex" }],
  ["must not be an interface that carries the cluster itself (eth0, br-ex", { master: "br-ex.120" }],
  ["must not be an interface that carries the cluster itself (eth0, br-ex", { master: "eth0.120" }],
])("on OVN-Kubernetes fails as it %s", (expected, props) => {
  expect(faultsOf(() => network(surroundings(newStack(), "openshift"), props)).join()).toContain(expected);
});

test("what OVN-Kubernetes reserves is free elsewhere", () => {
  expect(faults({ ipam: Ipam.hostLocal({ subnet: "100.64.7.0/24" }) })).toEqual([]);
});

test("fails if several values are wrong, with all of them at once", () => {
  expect(faults({ master: "eth0", mtu: 1, ipam: Ipam.hostLocal({ ...range, rangeEnd: "1.2.3.4" }) })).toHaveLength(3);
});

test("fails if two networks give out the same addresses on one master", () => {
  const around = surroundings(newStack());
  network(around);
  const twice = () => network(around, { ipam: Ipam.hostLocal({ subnet, rangeStart: "10.20.0.99" }) }, "Other");
  expect(faultsOf(twice)).toEqual([
    '[lab/Other] ipam must not overlap 10.20.0.50 to 10.20.0.99 of lab/Plane on the same master, got "10.20.0.99 to 10.20.0.254"; use another part of the subnet',
  ]);
  const apart = () => network(around, { ipam: Ipam.hostLocal({ subnet, rangeStart: "10.20.0.100" }) }, "Third");
  expect(faultsOf(apart)).toEqual([]);
  expect(faultsOf(() => network(around, { master: "eth2" }, "Fourth"))).toEqual([]);
});

test("fails if namespace and Multus are of different clusters", () => {
  const stack = newStack();
  const { namespace } = surroundings(stack);
  const other = surroundings(newStack("other"));
  const build = () =>
    new MacvlanNetwork(stack, "Plane", { multus: other.multus, namespace, master: "eth1", ipam: Ipam.none() });
  expect(faultsOf(build)[0]).toContain("namespace must lie in the cluster that Multus runs on");
});
