import type { OpenShiftClusterAttributes } from "../../constructs/openshift/attached-cluster";
import { OpenShiftCluster } from "../../constructs/openshift/openshift-cluster";
import { Testing, type TerraformStack } from "../../constructs/private/terraform";
import type { CheckedReceiver } from "../../probe/config";
import { OpenShiftMulticast, type OpenShiftMulticastProps } from "../../stacks/openshift-multicast";
import { configsOf, podsOf, verdictsOf } from "../constructs/verification/check-objects";
import { faultsOf } from "../helpers/faults";
import { nodeOfSpec } from "../helpers/placement";
import { newStack, synthStack } from "../helpers/synth";
import { TestCluster } from "../helpers/test-cluster";

const image = "registry.example.com/probe:1";
const declared = {
  kubeconfigPath: "/etc/kubeconfig",
  nodes: [
    { name: "node-1", role: "server" },
    { name: "node-2", role: "agent" },
  ],
} as const;

function attached(attributes: Partial<OpenShiftClusterAttributes> = {}) {
  return OpenShiftCluster.fromKubeconfig(Testing.app(), "cluster", { ...declared, ...attributes });
}

function stack(props: Partial<OpenShiftMulticastProps> = {}): TerraformStack {
  return new OpenShiftMulticast(Testing.app(), "multicast", {
    cluster: attached(),
    statePath: "/state",
    probeImage: image,
    ...props,
  });
}

test("the document's words: annotation, group, port, TTL and the cluster's range, between two nodes", () => {
  const result = synthStack(stack({ isolation: false }));
  expect(result.only("kubernetes_namespace_v1").metadata).toMatchObject({
    name: "multicast-verify",
    annotations: { "k8s.ovn.org/multicast-enabled": "true" },
  });
  const destination = { group: "224.1.0.1", port: 30102 };
  expect(configsOf(result)).toMatchObject({
    "mlistener.json": { mode: "socat-listen", destination, interface: "eth0" },
    "verdict.json": { mode: "socat-ask", destination, ttl: 64, range: "10.128.0.0/14", answer: "mlistener" },
  });
  expect(result.json).toMatchObject({ data: { kubernetes_resource: expect.anything() as object } });
  const pods = Object.values(podsOf(result)).map(({ spec }) => spec);
  expect(pods.map(nodeOfSpec)).toEqual(["node-2", "node-1"]);
});

/** Where receivers are and what must be true of them. */
function expectations(receivers: readonly CheckedReceiver[]): string[] {
  return receivers.map(({ name, namespace = "", node = "", expect: must, proof = "" }) =>
    [name, namespace, node, must, proof].join(" "),
  );
}

test("multicast stays in its project, and is off where nobody switched it on", () => {
  const result = synthStack(stack());
  const namespaces = result.all("kubernetes_namespace_v1") as { metadata: { name: string; annotations?: object } }[];
  expect(
    namespaces.map(({ metadata: { name, annotations = {} } }) => `${name} ${JSON.stringify(annotations)}`),
  ).toEqual([
    'multicast-verify {"k8s.ovn.org/multicast-enabled":"true"}',
    "multicast-verify-off {}",
    'multicast-verify-other {"k8s.ovn.org/multicast-enabled":"true"}',
  ]);
  const { "project-carries-multicast": carries, "off-by-default": off } = verdictsOf(result);
  expect(carries?.report.namespace).toBe("multicast-verify");
  expect(expectations(carries?.receivers ?? [])).toEqual([
    "same-node  node-1 heard ",
    "other-node  node-2 heard ",
    "not-joined  node-2 silent ",
    "other-group  node-2 silent ",
    "other-namespace multicast-verify-other node-1 silent unicast",
    "no-annotation multicast-verify-off node-2 silent unicast",
  ]);
  expect(off?.report.namespace).toBe("multicast-verify-off");
  expect(expectations(off?.receivers ?? [])).toEqual([
    "same-node  node-1 silent unicast",
    "other-node  node-2 silent unicast",
  ]);
  for (const { joins } of [...(off?.receivers ?? []), ...(carries?.receivers ?? []).slice(4)])
    expect(joins).toEqual(["239.1.1.1"]);
});

test("on a cluster with one node nobody is expected on another", () => {
  const nodes = [{ name: "only", role: "server" }] as const;
  const checks = verdictsOf(synthStack(stack({ cluster: attached({ nodes }) })));
  expect(checks["off-by-default"]?.receivers.map(({ name }) => name)).toEqual(["same-node"]);
  const places = checks["project-carries-multicast"]?.receivers.map(({ node }) => node);
  expect(new Set(places)).toEqual(new Set(["only"]));
});

test("every prop is used", () => {
  const cluster = new TestCluster(newStack("cluster"), "Cluster", "kubernetes", { type: "ovn-kubernetes" });
  const all: Required<OpenShiftMulticastProps> = {
    cluster,
    statePath: "/elsewhere",
    namespaceName: "media",
    adoptNamespace: true,
    probeImage: "registry.example.com/other:2",
    group: { address: "239.1.1.1", port: 5004, ttl: 8 },
    isolation: true,
    maxLossPercent: 2,
  };
  expect(verdictsOf(synthStack(stack(all)))["project-carries-multicast"]).toMatchObject({ maxLossPercent: 2 });
  const result = synthStack(stack({ ...all, isolation: false }));
  expect(result.json).toMatchObject({ terraform: { backend: { local: { path: "/elsewhere" } } } });
  expect(result.all("kubernetes_namespace_v1")).toEqual([]);
  expect(result.only("kubernetes_annotations")).toMatchObject({
    metadata: { name: "media" },
    annotations: { "k8s.ovn.org/multicast-enabled": "true" },
  });
  expect(configsOf(result)["verdict.json"]).toMatchObject({ destination: { group: "239.1.1.1", port: 5004 }, ttl: 8 });
  const images = Object.values(podsOf(result)).map(({ spec }) => spec.container[0]?.image);
  expect(new Set(images)).toEqual(new Set([all.probeImage]));
});

test("fails if OpenShift 4.4 would have to multicast between nodes", () => {
  expect(faultsOf(() => stack({ cluster: attached({ version: "4.4.12" }) })).join()).toContain("BZ#1843695");
});

test("fails if the cluster's network carries no multicast", () => {
  const cluster = new TestCluster(newStack("cluster"));
  expect(faultsOf(() => stack({ cluster })).join()).toContain("flannel does not");
});
