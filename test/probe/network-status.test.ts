import { statusFaults, type NetworkStatus } from "../../probe/network-status";

const expected = [
  { name: "net1", network: "quickstart/macvlan-conf", ips: ["10.20.0.60"], mac: "02:00:00:00:00:01" },
  { name: "net2", network: "quickstart/macvlan-conf", ips: [] },
];
const net1: NetworkStatus = {
  name: "quickstart/macvlan-conf",
  interface: "net1",
  ips: ["10.20.0.60"],
  mac: "02:00:00:00:00:01",
};
const net2: NetworkStatus = { ...net1, interface: "net2", ips: ["10.20.0.61"], mac: "6a:00:00:00:00:02" };
const faults = (...statuses: NetworkStatus[]): string[] => statusFaults(expected, statuses).map(({ text }) => text);

test("interfaces with their network, address and MAC are as they must be, whatever else the pod has", () => {
  expect(faults({ name: "cbr0", interface: "eth0", ips: ["10.42.0.3"] }, net1, net2)).toEqual([]);
});

test("a pod without the annotation was not attached by Multus", () => {
  expect(statusFaults(expected, undefined).map(({ text }) => text)).toEqual(
    ["net1", "net2"].map(
      (name) =>
        `no ${name}: the pod has no k8s.v1.cni.cncf.io/network-status annotation that can be read, so Multus did not attach it`,
    ),
  );
});

test.each<[string, NetworkStatus[], string]>([
  ["an interface is missing", [net1], "no net2 in k8s.v1.cni.cncf.io/network-status"],
  [
    "it is of another network",
    [net1, { ...net2, name: "media/plane" }],
    "net2 is of media/plane, not quickstart/macvlan-conf",
  ],
  ["it has no IP", [net1, { ...net2, ips: [] }], "net2 has no IP"],
  ["it has another IP", [{ ...net1, ips: ["10.20.0.9"] }, net2], "net1 has 10.20.0.9, not 10.20.0.60"],
  ["it has no MAC", [net1, { ...net2, mac: undefined }], "net2 has no MAC"],
  ["its MAC is one of a group", [net1, { ...net2, mac: "01:00:5e:00:00:01" }], "net2 has no MAC"],
  [
    "it has another MAC",
    [{ ...net1, mac: "02:00:00:00:00:09" }, net2],
    "net1 has MAC 02:00:00:00:00:09, not 02:00:00:00:00:01",
  ],
])("the fault is told when %s", (_, statuses, message) => {
  expect(faults(...statuses)).toEqual([message]);
});

test("two interfaces with one MAC are told both", () => {
  expect(faults(net1, { ...net2, mac: net1.mac })).toEqual([
    "net1 shares its MAC 02:00:00:00:00:01",
    "net2 shares its MAC 02:00:00:00:00:01",
  ]);
});
