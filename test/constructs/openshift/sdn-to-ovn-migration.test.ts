import { OpenShiftCluster } from "../../../constructs/openshift/openshift-cluster";
import type { OpenShiftClusterAttributes } from "../../../constructs/openshift/attached-cluster";
import { SdnToOvnMigration, type SdnToOvnMigrationProps } from "../../../constructs/openshift/sdn-to-ovn-migration";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack, type Block } from "../../helpers/synth";

function migration(props: Partial<SdnToOvnMigrationProps> = {}, declared: Partial<OpenShiftClusterAttributes> = {}) {
  const stack = newStack();
  const cluster = OpenShiftCluster.fromKubeconfig(stack, "Cluster", {
    kubeconfigPath: "/etc/kubeconfig",
    nodes: [{ name: "node-1", role: "server" }],
    version: "4.16.43",
    networkType: "openshift-sdn",
    ...declared,
  });
  new SdnToOvnMigration(stack, "Migration", { cluster, acceptsOneWay: true, ...props });
  return synthStack(stack).only("terraform_data") as Block & { input: Record<string, string> };
}

test("the cluster is told itself, with the usual subnets, and destroy only says that there is no way back", () => {
  const { input, provisioner } = migration();
  expect(input).toMatchObject({ LAB_SUBNETS: "{}", LAB_WAIT_SECONDS: "14400" });
  expect(provisioner).toMatchObject([
    { "local-exec": { when: "create", command: "migrate" } },
    { "local-exec": { when: "destroy", command: "told" } },
  ]);
});

test("every prop is used; a managed cluster's migration is ordered by the document's own words", () => {
  const { input, provisioner } = migration({
    machineNetwork: ["192.0.2.0/24"],
    internalJoinSubnet: "100.65.0.0/16",
    internalTransitSwitchSubnet: "100.89.0.0/16",
    internalMasqueradeSubnet: "169.254.168.0/29",
    clusterManagerId: "2abc",
    timeoutSeconds: 600,
  });
  expect(provisioner).toMatchObject([{ "local-exec": { command: "order" } }, {}]);
  expect(input).toMatchObject({
    LAB_MIGRATIONS: "/api/clusters_mgmt/v1/clusters/2abc/migrations",
    LAB_WAIT_SECONDS: "600",
  });
  expect(JSON.parse(input.LAB_ORDER!)).toEqual({
    type: "sdnToOvn",
    sdn_to_ovn: { join_ipv4: "100.65.0.0/16", transit_ipv4: "100.89.0.0/16", masquerade_ipv4: "169.254.168.0/29" },
  });
  expect(JSON.parse(input.LAB_SUBNETS!)).toEqual({
    ipv4: { internalJoinSubnet: "100.65.0.0/16", internalTransitSwitchSubnet: "100.89.0.0/16" },
    gatewayConfig: { ipv4: { internalMasqueradeSubnet: "169.254.168.0/29" } },
  });
});

test.each<[string, Partial<SdnToOvnMigrationProps>, Partial<OpenShiftClusterAttributes>, string]>([
  ["nobody accepts that it is one way", { acceptsOneWay: false as true }, {}, "acceptsOneWay must be true"],
  ["the version is too old", {}, { version: "4.16.42" }, "cluster must be OpenShift 4.16.43"],
  ["the version is not exact", {}, { version: "4.16" }, "cluster must be OpenShift 4.16.43"],
  ["the version has no SDN any more", {}, { version: "4.17.1" }, "cluster must be OpenShift 4.16.43"],
  ["the cluster is on OVN-Kubernetes", {}, { networkType: "ovn-kubernetes" }, "cluster must be on OpenShift SDN"],
  [
    "the usual join network is the pods'",
    {},
    { clusterCidrs: ["100.64.0.0/14"] },
    "internalJoinSubnet must not overlap",
  ],
  [
    "the usual transit network is the machines'",
    { machineNetwork: ["100.88.4.0/24"] },
    {},
    "internalTransitSwitchSubnet must not overlap",
  ],
  ["a subnet is the Services'", { internalJoinSubnet: "172.30.0.0/20" }, {}, "internalJoinSubnet must not overlap"],
  [
    "a subnet is too small",
    { internalMasqueradeSubnet: "169.254.9.0/31" },
    {},
    "internalMasqueradeSubnet must be an IPv4",
  ],
  ["a machine network is none", { machineNetwork: ["x"] }, {}, "machineNetwork[0] must"],
  ["the id is none", { clusterManagerId: "../x" }, {}, "clusterManagerId must"],
  ["the time is too short", { timeoutSeconds: 1 }, {}, "timeoutSeconds must"],
])("fails if %s", (_, props, declared, fault) => {
  expect(faultsOf(() => migration(props, declared)).join("\n")).toContain(`[lab/Migration] ${fault}`);
});
