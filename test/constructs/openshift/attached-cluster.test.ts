import type { OpenShiftClusterAttributes } from "../../../constructs/openshift/attached-cluster";
import { OpenShiftCluster } from "../../../constructs/openshift/openshift-cluster";
import { TerraformOutput, TerraformStack, Testing } from "../../../constructs/private/terraform";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack, type Block } from "../../helpers/synth";

const minimal: OpenShiftClusterAttributes = {
  kubeconfigPath: "/etc/kubeconfig",
  nodes: [{ name: "node-1", role: "server" }],
};

function attached(attributes: OpenShiftClusterAttributes) {
  const stack = newStack();
  const cluster = OpenShiftCluster.fromKubeconfig(stack, "Cluster", attributes);
  const reading = cluster.readIn(stack);
  const outputs = { version: reading.version, type: reading.networkType, cidr: reading.clusterCidr };
  Object.entries(outputs).forEach(([id, value]) => new TerraformOutput(stack, id, { value }));
  const json = synthStack(stack).json as {
    data: { kubernetes_resource: Record<string, Block> };
    output: Record<string, { value: string }>;
  };
  return { cluster, json, data: Object.entries(json.data.kubernetes_resource) };
}

/** Each condition with its message, of the data source of a kind. */
function conditions(
  { data }: ReturnType<typeof attached>,
  kind: string,
): { condition: string; error_message: string }[] {
  const [, block] = data.find(([, each]) => each.kind === kind) ?? [];
  const { postcondition = [] } = (block?.lifecycle ?? {}) as { postcondition?: [] };
  return postcondition;
}

test("kubeconfig and nodes are enough: an installation with nothing else said is what is compared", () => {
  const made = attached(minimal);
  expect(made.cluster).toMatchObject({
    distribution: "openshift",
    clusterCidrs: ["10.128.0.0/14"],
    serviceCidrs: ["172.30.0.0/16"],
    clusterNetwork: { type: "ovn-kubernetes", openshiftVersion: undefined },
    cniPaths: { binDir: "/var/lib/cni/bin" },
  });
  expect(conditions(made, "ClusterVersion")).toEqual([]);
  expect(conditions(made, "Network").map(({ condition }) => /== "([^"]*)"}$/.exec(condition)?.[1])).toEqual([
    "OVNKubernetes",
    "10.128.0.0/14",
    "172.30.0.0/16",
  ]);
});

test("all attributes are kept and compared", () => {
  const all: Required<OpenShiftClusterAttributes> = {
    kubeconfigPath: "/etc/kubeconfig",
    kubeconfigContext: "crc/admin",
    nodes: [{ name: "node-1", role: "server" }],
    version: "4.16",
    networkType: "openshift-sdn",
    clusterCidrs: ["10.0.0.0/14", "fd01::/48"],
    serviceCidrs: ["172.31.0.0/16"],
    joinSubnets: ["100.65.0.0/16"],
    transitSubnets: ["100.89.0.0/16"],
    masqueradeSubnets: ["169.254.170.0/29"],
    managementInterfaces: ["ens3"],
  };
  const made = attached(all);
  const { version, networkType: type, joinSubnets, transitSubnets, masqueradeSubnets, ...kept } = all;
  expect(made.cluster).toMatchObject({
    ...kept,
    clusterNetwork: { type, openshiftVersion: version, joinSubnets, transitSubnets, masqueradeSubnets },
  });
  expect(conditions(made, "ClusterVersion")[0]?.condition).toMatch(/^\$\{startswith\(.*, "4\.16\."\)}$/);
  const texts = conditions(made, "Network").map(({ error_message }) => error_message);
  expect(texts.join()).toMatch(/\[lab\/Cluster] networkType .*"OpenShiftSDN".*"10\.0\.0\.0\/14 fd01::\/48"/);
  expect(texts.every((text) => text.includes("the cluster says"))).toBe(true);
});

test("outside of a stack nothing is read until a stack does", () => {
  const app = Testing.app();
  const cluster = OpenShiftCluster.fromKubeconfig(app, "Cluster", minimal);
  const [one, other] = ["one", "other"].map((id) => new TerraformStack(app, id));
  expect(cluster.readIn(one!)).toBe(cluster.readIn(one!));
  expect(synthStack(one!).json).toMatchObject({ data: { kubernetes_resource: expect.anything() as object } });
  expect(synthStack(other!).json).not.toHaveProperty("data");
});

test("what the cluster says can be put out", () => {
  const { json, data } = attached(minimal);
  const address = (kind: string) =>
    `data.kubernetes_resource.${data.find(([, block]) => block.kind === kind)?.[0]}.object`;
  expect(json.output.cidr?.value).toBe(`\${${address("Network")}.status.clusterNetwork[0].cidr}`);
  expect(json.output.type?.value).toContain(`${address("Network")}.status.networkType`);
  expect(json.output.version?.value).toContain(`${address("ClusterVersion")}.status.history`);
  expect(JSON.stringify(json.output)).not.toContain("self.");
});

test.each<[string, string, Partial<OpenShiftClusterAttributes>]>([
  ["the version is none", "clusterNetwork.openshiftVersion must", { version: "latest" }],
  ["the network is unknown", "clusterNetwork.type must", { networkType: "calico" as "openshift-sdn" }],
  ["a pod network is none", "clusterCidrs[0] must", { clusterCidrs: ["x"] }],
  ["a join network is none", "clusterNetwork.joinSubnets[0] must", { joinSubnets: ["x"] }],
  ["there is no node", "nodes must name at least one node", { nodes: [] }],
])("fails if %s", (_, fault, attributes) => {
  expect(faultsOf(() => attached({ ...minimal, ...attributes }))).toEqual([
    expect.stringContaining(`[lab/Cluster] ${fault}`),
  ]);
});
