import { MulticastNamespace, type MulticastNamespaceProps } from "../../../constructs/namespace/multicast-namespace";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";
import type { Distribution } from "../../../constructs/cluster/cluster";

function namespace(props: Partial<MulticastNamespaceProps> = {}, distribution: Distribution = "k3s") {
  const stack = newStack();
  const cluster = new TestCluster(stack, "Cluster", distribution);
  const made = new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media", ...props });
  return { made, stack };
}

function metadata(props: Partial<MulticastNamespaceProps> = {}, distribution: Distribution = "k3s") {
  return synthStack(namespace(props, distribution).stack).only("kubernetes_namespace_v1").metadata;
}

const restricted = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};

test("a namespace is restricted, and has no switch where the cluster's network has none", () => {
  const { made, stack } = namespace();
  expect(made).toMatchObject({ namespaceName: "media", multicastSwitch: "none", ready: [made.resource] });
  expect(synthStack(stack).only("kubernetes_namespace_v1")).toMatchObject({
    metadata: { name: "media", labels: restricted },
    wait_for_default_service_account: true,
  });
});

test("that the cluster's network has no switch is said at synth, unless the user knows", () => {
  const said = ({ made }: ReturnType<typeof namespace>) => made.node.metadata.map(({ data }) => data as string);
  expect(said(namespace())).toEqual([expect.stringContaining("(flannel) has no switch for multicast")]);
  expect(said(namespace({ multicastSwitch: "none" }))).toEqual([]);
  expect(said(namespace({}, "openshift"))).toEqual([]);
});

test("on OpenShift the annotation of OVN-Kubernetes is set", () => {
  expect(metadata({}, "openshift")).toMatchObject({ annotations: { "k8s.ovn.org/multicast-enabled": "true" } });
});

test("on OpenShift SDN the NetNamespace is switched, once the namespace is there", () => {
  const { made, stack } = namespace({ multicastSwitch: "openshift-sdn" });
  expect(made.ready).toHaveLength(2);
  const result = synthStack(stack);
  expect(result.only("kubernetes_namespace_v1").metadata).not.toHaveProperty(
    "annotations.k8s.ovn.org/multicast-enabled",
  );
  const step = result.only("terraform_data");
  expect(step).toMatchObject({
    depends_on: [expect.stringMatching(/^kubernetes_namespace_v1\./)],
    input: { LAB_KUBECONFIG: made.cluster.kubeconfigPath, LAB_CONTEXT: "", LAB_NAMESPACE: "media" },
  });
  const provisioners = (step.provisioner as Record<string, Record<string, unknown>>[]).map(
    (each) => each["local-exec"]!,
  );
  expect(provisioners.map(({ when, command }) => [when, command])).toEqual([
    ["create", "create"],
    ["destroy", "destroy"],
  ]);
  for (const { environment } of provisioners)
    expect(environment).toMatchObject({ LAB_NAMESPACE: "${self.input.LAB_NAMESPACE}" });
});

test("every prop is used", () => {
  const cluster = new TestCluster(newStack("cluster"));
  const all: Required<MulticastNamespaceProps> = {
    cluster,
    namespaceName: "studio-1",
    labels: { team: "media" },
    annotations: { "example.com/note": 'a "quoted" ${note}\nof two lines' },
    podSecurity: "baseline",
    multicastSwitch: "ovn-kubernetes",
  };
  expect(metadata(all)).toMatchObject({
    name: "studio-1",
    labels: { team: "media", "pod-security.kubernetes.io/enforce": "baseline" },
    annotations: {
      "example.com/note": 'a "quoted" $${note}\nof two lines',
      "k8s.ovn.org/multicast-enabled": "true",
    },
  });
});

test("an existing namespace is named and not touched", () => {
  const stack = newStack();
  const cluster = new TestCluster(stack);
  const existing = MulticastNamespace.fromNamespaceName(stack, "Media", { cluster, namespaceName: "media" });
  expect(existing).toMatchObject({ namespaceName: "media", cluster, ready: [] });
  expect(synthStack(stack).json.resource).toBeUndefined();
});

test("fails if an existing namespace's name is none", () => {
  const stack = newStack();
  const cluster = new TestCluster(stack);
  const build = () => MulticastNamespace.fromNamespaceName(stack, "Media", { cluster, namespaceName: "A b" });
  expect(faultsOf(build)[0]).toContain("[lab/Media] namespaceName must be a DNS-1123 label");
});

test.each<[string, Partial<MulticastNamespaceProps>, string]>([
  ["the name is not a DNS-1123 label", { namespaceName: "Media" }, "namespaceName must be a DNS-1123 label"],
  ["the namespace is there already", { namespaceName: "kube-system" }, "namespaceName must not be a namespace"],
  ["the level is none of Pod Security's", { podSecurity: "strict" as "restricted" }, "podSecurity must be one of"],
  ["the switch is unknown", { multicastSwitch: "calico" as "none" }, "multicastSwitch must be one of"],
  ["a label's key is none", { labels: { "a b": "x" } }, "labels must be a qualified name"],
  ["a label's value is none", { labels: { a: "x y" } }, "labels.a must be a label value"],
  [
    "a label is this construct's own",
    { labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
    "must not be a key",
  ],
  ["an annotation's key is none", { annotations: { "a/b/c": "x" } }, "annotations must be a qualified name"],
  [
    "an annotation is this construct's own",
    { annotations: { "k8s.ovn.org/multicast-enabled": "false" } },
    "must not be a key",
  ],
  [
    "an annotation cannot be stored as it is",
    { annotations: { a: "e\u0301" } },
    "annotations.a must be well-formed Unicode",
  ],
])("fails if %s", (_title, props, expected) => {
  expect(faultsOf(() => namespace(props)).join()).toContain(expected);
});

test("fails if the switch is another network's", () => {
  const cluster = new TestCluster(newStack(), "Cluster", "k3s", { type: "flannel" });
  const build = (multicastSwitch?: MulticastNamespaceProps["multicastSwitch"]) => () =>
    new MulticastNamespace(newStack(), "Media", { cluster, namespaceName: "media", multicastSwitch });
  expect(faultsOf(build("ovn-kubernetes"))[0]).toContain(
    "multicastSwitch must be a switch of the cluster's network flannel",
  );
  expect(faultsOf(build("none"))).toEqual([]);
  expect(faultsOf(build())).toEqual([]);
});
