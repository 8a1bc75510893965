import { OpenShiftCluster } from "../../constructs/openshift/openshift-cluster";
import { Testing } from "../../constructs/private/terraform";
import { OpenShiftDedicated, type OpenShiftDedicatedProps } from "../../stacks/openshift-dedicated";
import { configsOf, podsOf, verdictsOf } from "../constructs/verification/check-objects";
import { synthStack, type Synthesised } from "../helpers/synth";

function stack(props: Partial<OpenShiftDedicatedProps> = {}): OpenShiftDedicated {
  const cluster = OpenShiftCluster.fromKubeconfig(Testing.app(), "cluster", {
    kubeconfigPath: "/etc/kubeconfig",
    nodes: [
      { name: "node-1", role: "agent" },
      { name: "node-2", role: "agent" },
    ],
    version: "4.18",
  });
  const probeImage = "registry.example.com/probe:1";
  return new OpenShiftDedicated(Testing.app(), "dedicated", { cluster, statePath: "/state", probeImage, ...props });
}

/** What the stack runs on this machine. */
const stepsOf = (result: Synthesised) => result.all("terraform_data").filter(({ provisioner }) => provisioner);

test("the project is switched on, and its check is on the cluster's network; the proxy is left as it is", () => {
  const made = stack({ isolation: false });
  const result = synthStack(made);
  expect(result.only("kubernetes_namespace_v1").metadata).toMatchObject({
    annotations: { "k8s.ovn.org/multicast-enabled": "true" },
  });
  expect(configsOf(result)).toMatchObject({
    "mlistener.json": { interface: "eth0", destination: { group: "224.1.0.1", port: 30102 } },
    "verdict.json": { interface: "eth0", ttl: 64 },
  });
  expect(stepsOf(result)).toEqual([]);
  expect([made.proxy, made.matrix, made.offByDefault, made.denyAll]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("each statement of the document on who hears whom is a receiver", () => {
  const result = synthStack(stack());
  const checks = verdictsOf(result);
  expect(Object.keys(checks)).toEqual(["deny-all-passes", "off-by-default", "project-carries-multicast"]);
  const strangers = checks["project-carries-multicast"]?.receivers.slice(4);
  expect(strangers).toMatchObject([
    { name: "other-namespace", namespace: "multicast-verify-other", expect: "silent", proof: "unicast" },
    { name: "no-annotation", namespace: "multicast-verify-off", expect: "silent", proof: "unicast" },
    { name: "host-network", interface: "ovn-k8s-mp0", expect: "silent", proof: "unicast" },
  ]);
  expect(podsOf(result)["project-carries-multicast-host-network"]?.spec).toMatchObject({ host_network: true });
  expect(checks["deny-all-passes"]).toMatchObject({
    report: { namespace: "multicast-verify-denied" },
    receivers: [
      { name: "same-node", node: "node-1", expect: "heard", unicast: "silent" },
      { name: "other-node", node: "node-2", expect: "heard", unicast: "silent" },
      { name: "outside", namespace: "multicast-verify-other", expect: "silent", unicast: "heard" },
    ],
  });
  const policies = result.all("kubernetes_network_policy_v1").map(({ metadata }) => metadata);
  expect(policies[0]).toEqual({ name: "default-deny-all", namespace: "multicast-verify-denied" });
});

test("the annotation is set and removed in a namespace of its own where that is asked for", () => {
  const made = stack({ switching: true });
  const result = synthStack(made);
  expect(verdictsOf(result)["follows-annotation"]).toMatchObject({
    report: { namespace: "multicast-verify-switched" },
    switched: { value: "true" },
  });
  expect(made.switched?.receivers.map(({ boundTo }) => boundTo)).toEqual(["node-1", "node-2"]);
  expect(stack().switched).toBeUndefined();
});

test("whoever may not put pods on their nodes' network leaves that out", () => {
  const result = synthStack(stack({ hostNetwork: false }));
  expect(Object.keys(podsOf(result)).filter((name) => name.includes("host"))).toEqual([]);
  const levels = (result.all("kubernetes_namespace_v1") as { metadata: { labels: Record<string, string> } }[]).map(
    ({ metadata: { labels } }) => labels["pod-security.kubernetes.io/enforce"],
  );
  expect(new Set(levels)).toEqual(new Set(["restricted"]));
});

test("the proxy of the document: both URLs, exceptions and the bundle", () => {
  const proxy = {
    httpProxy: "http://proxy.example.com:3128",
    httpsProxy: "http://proxy.example.com:3129",
    noProxy: [".example.com"],
    trustBundlePath: "/etc/ssl/bundle.pem",
  };
  const result = synthStack(stack({ proxy, adoptNamespace: true, namespaceName: "media" }));
  const manifests = stepsOf(result).map(({ input }) => (input as Record<string, string>).LAB_MANIFEST);
  expect(JSON.parse(manifests.find((text) => text !== undefined) ?? "{}")).toMatchObject({
    kind: "Proxy",
    spec: { httpProxy: proxy.httpProxy, httpsProxy: proxy.httpsProxy, noProxy: ".example.com" },
  });
  expect(result.only("kubernetes_annotations")).toMatchObject({ metadata: { name: "media" } });
});
