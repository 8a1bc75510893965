import {
  checkMulticastAcrossNodes,
  interfacesOfCluster,
  networkTypeOf,
  reservedSubnets,
} from "../../../constructs/cluster/cluster-network-rules";
import type { ClusterNetwork } from "../../../constructs/cluster/cluster-network";
import type { Distribution } from "../../../constructs/cluster/cluster";
import { Faults } from "../../../constructs/private/validate";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";

const cluster = (distribution: Distribution, network?: ClusterNetwork) =>
  new TestCluster(newStack(), "Cluster", distribution, network);
const ovn = (openshiftVersion?: string): ClusterNetwork => ({ type: "ovn-kubernetes", openshiftVersion });

test.each([
  ["openshift", "ovn-kubernetes"],
  ["k3s", "flannel"],
  ["kubernetes", "other"],
] as const)("%s runs %s unless it is said to run another network", (distribution, type) => {
  expect(networkTypeOf(cluster(distribution))).toBe(type);
  expect(networkTypeOf(cluster(distribution, { type: "openshift-sdn" }))).toBe("openshift-sdn");
});

test.each([
  [undefined, ["169.254.169.0/29", "169.254.0.0/17"]],
  ["4.17.0", ["169.254.169.0/29", "169.254.0.0/17"]],
  ["4.16.43", ["169.254.169.0/29"]],
])("OVN-Kubernetes of version %s reserves the masquerade networks %j", (version, masquerade) => {
  const reserved = reservedSubnets(cluster("openshift", ovn(version)));
  const ipv4 = reserved.filter((each) => !each.cidr.includes(":")).map((each) => each.cidr);
  expect(ipv4).toEqual([
    "192.0.2.0/24",
    "10.42.0.0/16",
    "10.43.0.0/16",
    "100.64.0.0/16",
    "100.88.0.0/16",
    ...masquerade,
  ]);
});

test("every network of OVN-Kubernetes may have been changed", () => {
  const all: Required<ClusterNetwork> = {
    type: "ovn-kubernetes",
    openshiftVersion: "4.18",
    interfaces: ["ens4"],
    joinSubnets: ["100.65.0.0/16"],
    transitSubnets: ["100.89.0.0/16"],
    masqueradeSubnets: ["169.254.64.0/18"],
  };
  expect(interfacesOfCluster(cluster("openshift", all))).toEqual(expect.arrayContaining(["ens4", "br-ex"]));
  const own = reservedSubnets(cluster("openshift", all)).slice(3);
  expect(own.map((each) => each.cidr)).toEqual(["100.65.0.0/16", "100.89.0.0/16", "169.254.64.0/18"]);
});

function across(network: ClusterNetwork | undefined, nodes: string[], distribution: Distribution = "openshift") {
  const known = cluster(distribution, network);
  const faults = new Faults(known);
  return faultsOf(() => {
    checkMulticastAcrossNodes(faults, "receivers", known, nodes);
    faults.throwIfAny();
  });
}

test.each(["4.3", "4.4.12", "4.5.1"])("fails if pods of several nodes multicast on OpenShift %s", (version) => {
  expect(across(ovn(version), ["server", "agent", "agent"])).toEqual([
    expect.stringContaining(`receivers must be one node: on OpenShift ${version} the cluster network`),
  ]);
  expect(across(ovn(version), ["agent", "agent"])).toEqual([]);
});

test.each([undefined, "4.6.0", "4.18"])("pods of several nodes may multicast on OpenShift %s", (version) => {
  expect(across(ovn(version), ["server", "agent"])).toEqual([]);
});

test("another network has not that fault", () => {
  expect(across({ type: "openshift-sdn", openshiftVersion: "4.4" }, ["server", "agent"])).toEqual([]);
});
