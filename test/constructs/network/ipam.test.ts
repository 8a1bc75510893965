import { Ipam, type HostLocalIpamProps, type StaticIpamProps } from "../../../constructs/network/ipam";
import type { WhereaboutsIpamProps } from "../../../constructs/network/whereabouts";
import { MacvlanNetwork } from "../../../constructs/network/macvlan-network";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";
import { surroundings } from "../../helpers/test-cluster";

const subnet = "10.20.0.0/24";
const range = { subnet, rangeStart: "10.20.0.50", rangeEnd: "10.20.0.99" };

test("host-local takes every prop", () => {
  const second = { subnet: "fd00:20::/64", gateway: "fd00:20::1" };
  const all: Required<HostLocalIpamProps> = {
    ...range,
    gateway: "10.20.0.1",
    additionalRanges: [second],
    routes: [{ dst: "10.30.0.0/16" }],
  };
  const ipam = Ipam.hostLocal(all);
  expect(ipam.subnets).toEqual([subnet, "fd00:20::/64"]);
  expect(ipam.toCni()).toEqual({
    type: "host-local",
    ranges: [[{ ...range, gateway: "10.20.0.1" }], [second]],
    routes: [{ dst: "10.30.0.0/16" }],
  });
});

test("static takes every prop; its ranges stay with us", () => {
  const all: Required<StaticIpamProps> = {
    addresses: ["10.20.0.7/24"],
    ranges: [range],
    routes: [{ dst: "10.30.0.0/16", gw: "10.20.0.1" }],
  };
  expect(Ipam.static(all).subnets).toEqual([subnet]);
  expect(Ipam.static(all).toCni()).toEqual({
    type: "static",
    addresses: [{ address: "10.20.0.7/24" }],
    routes: all.routes,
  });
  expect(Ipam.static().toCni()).toEqual({ type: "static" });
});

test("none is an empty section, as the plugins ask", () => {
  expect(Ipam.none().toCni()).toEqual({});
});

test("dhcp names the plugin alone", () => {
  expect(Ipam.dhcp().toCni()).toEqual({ type: "dhcp" });
});

test("whereabouts takes every prop, keeps the gateway free and gives no planned addresses", () => {
  const second = { subnet: "fd00:20::/64", rangeStart: "fd00:20::50", rangeEnd: "fd00:20::99", exclude: [] };
  const all: Required<WhereaboutsIpamProps> = {
    ...range,
    gateway: "10.20.0.60",
    exclude: ["10.20.0.96/30"],
    additionalRanges: [second],
    routes: [{ dst: "10.30.0.0/16" }],
    configurationPath: "/etc/cni/whereabouts.conf",
  };
  const ipam = Ipam.whereabouts(all);
  expect(ipam).toMatchObject({ subnets: [subnet, "fd00:20::/64"], ranges: [] });
  expect(ipam.addressRanges()).toHaveLength(2);
  expect(ipam.toCni()).toEqual({
    type: "whereabouts",
    configuration_path: "/etc/cni/whereabouts.conf",
    range: subnet,
    range_start: "10.20.0.50",
    range_end: "10.20.0.99",
    exclude: ["10.20.0.96/30", "10.20.0.60/32"],
    gateway: "10.20.0.60",
    ipRanges: [{ range: "fd00:20::/64", range_start: "fd00:20::50", range_end: "fd00:20::99" }],
    routes: [{ dst: "10.30.0.0/16" }],
  });
  expect(Ipam.whereabouts({ subnet }).toCni()).toEqual({ type: "whereabouts", range: subnet });
});

test("custom hands on what it is given, with further routes in front", () => {
  const config = { type: "whereabouts", range: subnet, routes: [{ dst: "10.30.0.0/16" }] };
  expect(Ipam.custom(config).toCni()).toEqual(config);
  const routes = [{ dst: "224.0.0.0/4" }, { dst: "10.30.0.0/16" }];
  expect(Ipam.custom(config, { subnets: [subnet] }).toCni([{ dst: "224.0.0.0/4" }])).toEqual({ ...config, routes });
});

/** The faults that a network with this IPAM is refused with. */
function faults(ipam: Ipam) {
  const stack = newStack();
  return faultsOf(() => new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam }));
}

const hostLocal = (props: Partial<HostLocalIpamProps>) => Ipam.hostLocal({ ...range, ...props });

test.each<[string, Ipam, string]>([
  [
    "the subnet has host bits",
    hostLocal({ subnet: "10.20.0.1/24" }),
    'ipam.subnet must be a network in CIDR notation, without host bits, got "10.20.0.1/24"; use "10.20.0.0/24"',
  ],
  [
    "the subnet has no prefix length",
    hostLocal({ subnet: "10.20.0.0" }),
    "ipam.subnet must be a network in CIDR notation",
  ],
  [
    "the subnet has no room",
    hostLocal({ subnet: "10.20.0.50/31" }),
    "ipam.subnet must have a prefix length of 30 at most",
  ],
  [
    "the range starts outside",
    hostLocal({ rangeStart: "10.21.0.50" }),
    'ipam.rangeStart must lie inside the hosts of subnet 10.20.0.0/24, got "10.21.0.50"; use an address from 10.20.0.1 to 10.20.0.254',
  ],
  ["the range ends outside", hostLocal({ rangeEnd: "10.21.0.99" }), "ipam.rangeEnd must lie inside the hosts"],
  [
    "the range ends at the broadcast address",
    hostLocal({ rangeEnd: "10.20.0.255" }),
    "ipam.rangeEnd must lie inside the hosts",
  ],
  [
    "the range starts at the network",
    hostLocal({ rangeStart: "10.20.0.0" }),
    "ipam.rangeStart must lie inside the hosts",
  ],
  [
    "the range ends before it starts",
    hostLocal({ rangeEnd: "10.20.0.49" }),
    "ipam.rangeEnd must not lie before rangeStart",
  ],
  ["the range is of another family", hostLocal({ rangeEnd: "fd00::1" }), "ipam.rangeEnd must lie inside"],
  ["the gateway lies outside", hostLocal({ gateway: "10.99.0.1" }), "ipam.gateway must lie inside the hosts"],
  [
    "a route's destination is no network",
    hostLocal({ routes: [{ dst: "10.1.2.3" }] }),
    "ipam.routes[0].dst must be a network",
  ],
  [
    "a next hop is of another family",
    hostLocal({ routes: [{ dst: "10.1.0.0/16", gw: "fd00::1" }] }),
    "ipam.routes[0].gw must be an IPv4 address",
  ],
  [
    "a route takes the default route",
    hostLocal({ routes: [{ dst: "0.0.0.0/0" }] }),
    "ipam.routes[0].dst must not be a default route",
  ],
  [
    "an IPv6 route takes the default route",
    hostLocal({ routes: [{ dst: "::/0" }] }),
    "ipam.routes[0].dst must not be a default route",
  ],
  [
    "the subnet lies in the pod network",
    Ipam.hostLocal({ subnet: "10.42.7.0/24" }),
    "must not overlap the cluster's pod network 10.42.0.0/16",
  ],
  ["the subnet holds the service network", Ipam.hostLocal({ subnet: "10.43.0.0/15" }), "ipam.subnet must be a network"],
  [
    "the subnet overlaps the service network",
    Ipam.hostLocal({ subnet: "10.43.128.0/17" }),
    "the cluster's service network 10.43.0.0/16",
  ],
  [
    "a subnet is used twice",
    hostLocal({ additionalRanges: [{ subnet: "10.20.0.128/25" }] }),
    "ipam must not use a subnet twice",
  ],
  [
    "a static address is the network's",
    Ipam.static({ addresses: ["10.20.0.0/24"] }),
    "ipam.addresses[0] must be an interface address",
  ],
  [
    "whereabouts starts outside",
    Ipam.whereabouts({ subnet, rangeStart: "10.21.0.1" }),
    "ipam.rangeStart must lie inside the hosts of subnet 10.20.0.0/24",
  ],
  [
    "an excluded network lies outside",
    Ipam.whereabouts({ subnet, exclude: ["10.21.0.0/30"] }),
    "ipam.exclude[0] must lie inside subnet 10.20.0.0/24",
  ],
  [
    "an excluded network of the second range is none",
    Ipam.whereabouts({ subnet, additionalRanges: [{ subnet: "fd00:20::/64", exclude: ["fd00:20::1"] }] }),
    "ipam.ranges[1].exclude[0] must be a network",
  ],
  [
    "the plugin's file is not named by an absolute path",
    Ipam.whereabouts({ subnet, configurationPath: "whereabouts.conf" }),
    "ipam.configurationPath must be an absolute path",
  ],
  ["a custom plugin has no name", Ipam.custom({ range: subnet }), "ipam.type must be the name of a CNI plugin"],
  [
    "a custom plugin leaves its directory",
    Ipam.custom({ type: "../bin/sh" }),
    "ipam.type must be the name of a CNI plugin",
  ],
  ["a custom subnet is none", Ipam.custom({ type: "x" }, { subnets: ["x"] }), "ipam.subnets[0] must be a network"],
])("fails if %s", (_title, ipam, expected) => {
  const found = faults(ipam);
  expect(found.join("\n")).toContain(expected);
  expect(found[0]).toMatch(/^\[lab\/Plane\] .* must .*, got .*; use /s);
});
