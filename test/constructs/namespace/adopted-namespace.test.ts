import type { Distribution } from "../../../constructs/cluster/cluster";
import { AdoptedNamespace, type AdoptedNamespaceProps } from "../../../constructs/namespace/adopted-namespace";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";

function adopted(props: Partial<AdoptedNamespaceProps> = {}, distribution: Distribution = "k3s", stack = newStack()) {
  const cluster = new TestCluster(stack, "Cluster", distribution);
  return { stack, made: new AdoptedNamespace(stack, "Media", { cluster, namespaceName: "media", ...props }) };
}

test("with nothing to switch, nothing of the namespace is touched", () => {
  const { made, stack } = adopted();
  expect(made).toMatchObject({ namespaceName: "media", multicastSwitch: "none", ready: [] });
  expect(synthStack(stack).json.resource).toBeUndefined();
  expect(made).toMatchObject({ labels: undefined, annotations: undefined, netNamespace: undefined });
  expect(made.node.metadata).toHaveLength(1);
});

test("on OpenShift multicast is switched on, and no value is ever overwritten", () => {
  const { made, stack } = adopted({}, "openshift");
  expect(made.ready).toHaveLength(1);
  expect(synthStack(stack).only("kubernetes_annotations")).toMatchObject({
    api_version: "v1",
    kind: "Namespace",
    metadata: { name: "media" },
    annotations: { "k8s.ovn.org/multicast-enabled": "true" },
    field_manager: expect.stringMatching(/^multicast-lab-lab-media-annotations$/) as string,
    force: false,
  });
});

test("every prop is used", () => {
  const cluster = new TestCluster(newStack("cluster"));
  const all: Required<AdoptedNamespaceProps> = {
    cluster,
    namespaceName: "studio-1",
    labels: { team: "media" },
    annotations: { "example.com/note": "${note}" },
    podSecurity: "baseline",
    multicastSwitch: "openshift-sdn",
  };
  const { made, stack } = adopted(all);
  expect(made.ready).toEqual([made.labels, made.annotations, made.netNamespace]);
  const result = synthStack(stack);
  expect(result.only("kubernetes_annotations").annotations).toEqual({ "example.com/note": "$${note}" });
  expect(result.only("terraform_data").input).toMatchObject({ LAB_NAMESPACE: "studio-1" });
  expect(result.only("kubernetes_labels")).toMatchObject({
    metadata: { name: "studio-1" },
    labels: { team: "media", "pod-security.kubernetes.io/enforce": "baseline" },
    force: false,
  });
});

test("every resource of every adoption has a field manager of its own, else one would take away what the other sets", () => {
  const managers = ["lab", "other"].flatMap((id) => {
    const result = synthStack(adopted({ labels: { team: "media" } }, "openshift", newStack(id)).stack);
    return ["kubernetes_annotations", "kubernetes_labels"].map((type) => result.only(type).field_manager);
  });
  expect(new Set(managers).size).toBe(4);
});

test.each<[string, Partial<AdoptedNamespaceProps>, string]>([
  ["the name is not a DNS-1123 label", { namespaceName: "Media" }, "namespaceName must be a DNS-1123 label"],
  ["the level is none of Pod Security's", { podSecurity: "strict" as "restricted" }, "podSecurity must be one of"],
  ["the switch is unknown", { multicastSwitch: "calico" as "none" }, "multicastSwitch must be one of"],
  ["a label's value is none", { labels: { a: "x y" } }, "labels.a must be a label value"],
  ["an annotation's key is none", { annotations: { "a/b/c": "x" } }, "annotations must be a qualified name"],
  [
    "an annotation is this construct's own",
    { annotations: { "k8s.ovn.org/multicast-enabled": "false" } },
    "must not be a key",
  ],
])("fails if %s", (_title, props, expected) => {
  expect(faultsOf(() => adopted(props)).join()).toContain(expected);
});
