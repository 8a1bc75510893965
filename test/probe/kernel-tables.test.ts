import { lookupRoute, parseCounters, parseDevices, parseIgmp, parseRoutes } from "../../probe/kernel-tables";
import { contains } from "../../probe/address";

const ROUTES = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	01002A0A	0003	0	0	0	00000000	0	0	0
eth0	00002A0A	00000000	0001	0	0	0	00FFFFFF	0	0	0
net1	000000E0	00000000	0001	0	0	10	000000F0	0	0	0
net2	000000E0	00000000	0001	0	0	5	000000F0	0	0	0
*	000000EF	00000000	0201	0	0	0	000000FF	0	0	0
net3	000001EF	00000000	0000	0	0	0	0000FFFF	0	0	0
`;

const IGMP = `Idx	Device    : Count Querier	Group    Users Timer	Reporter
1	lo        :     1      V3
				010000E0     1 0:00000000		0
12	net1      :     3      V2
				010101EF     1 0:00000000		1
				018101EF     1 0:00000000		0
				010000E0     1 0:00000000		0
`;

const DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
  net1:   12345     678    0    9    0     0          0        45     6789     321    0    4    0     0       0          0
`;

test("every interface is listed, and none of the headings", () => {
  expect(parseDevices(DEV)).toEqual(["lo", "net1"]);
  expect(parseDevices("")).toEqual([]);
});

test("routes are read without those that are down or reject", () => {
  expect(parseRoutes(ROUTES)).toEqual([
    { interface: "eth0", destination: "0.0.0.0/0", gateway: "10.42.0.1", metric: 0 },
    { interface: "eth0", destination: "10.42.0.0/24", metric: 0 },
    { interface: "net1", destination: "224.0.0.0/4", metric: 10 },
    { interface: "net2", destination: "224.0.0.0/4", metric: 5 },
  ]);
  expect(parseRoutes("")).toEqual([]);
});

test.each([
  ["239.1.1.1", "net2"],
  ["10.42.0.9", "eth0"],
  ["8.8.8.8", "eth0"],
])("%s goes by the longest prefix and then the lowest metric: %s", (address, interfaceName) => {
  expect(lookupRoute(parseRoutes(ROUTES), address)?.interface).toBe(interfaceName);
});

test("an address without a route has none", () => {
  expect(lookupRoute([{ interface: "net1", destination: "10.20.0.0/24", metric: 0 }], "239.1.1.1")).toBeUndefined();
});

test("memberships are those of the named interface", () => {
  expect(parseIgmp(IGMP, "net1")).toEqual({ groups: ["239.1.1.1", "239.1.129.1", "224.0.0.1"], version: "V2" });
  expect(parseIgmp(IGMP, "net2")).toEqual({ groups: [] });
});

test("counters are those of the named interface", () => {
  expect(parseCounters(DEV, "net1")).toEqual({
    rxPackets: 678,
    rxDropped: 9,
    rxMulticast: 45,
    txPackets: 321,
    txDropped: 4,
  });
  expect(parseCounters(DEV, "net9")).toBeUndefined();
});

test.each([
  ["10.20.0.0/24", "10.20.0.255", true],
  ["10.20.0.0/24", "10.20.1.0", false],
  ["0.0.0.0/0", "255.255.255.255", true],
  ["10.0.0.1/32", "10.0.0.1", true],
  ["10.0.0.1/32", "10.0.0.2", false],
])("%s contains %s: %s", (cidr, address, inside) => {
  expect(contains(cidr, address)).toBe(inside);
});
