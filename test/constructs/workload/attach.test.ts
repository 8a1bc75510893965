import { Attachment, NETWORKS_ANNOTATION } from "../../../constructs/network/attachment";
import { Ipam } from "../../../constructs/network/ipam";
import { attach, type AttachOptions } from "../../../constructs/workload/attach";
import { nodeOfSpec } from "../../helpers/placement";
import { faultsOf } from "../../helpers/faults";
import { makers, Scene, type PodParts } from "./workloads";

type Type = keyof typeof makers;
const types = Object.keys(makers) as Type[];

describe.each(types)("%s", (type) => {
  test("gets the annotation beside its own, and waits for the network", () => {
    const scene = new Scene();
    const workload = makers[type](scene.stack, { annotations: { own: "kept" } });
    expect(attach(workload, [Attachment.of(scene.network), Attachment.of(scene.network)])).toBe(workload);
    const { block, annotations } = scene.synthesised(type);
    expect(annotations.own).toBe("kept");
    expect(JSON.parse(annotations[NETWORKS_ANNOTATION]!)).toEqual([
      { name: "plane", namespace: "media", interface: "net1" },
      { name: "plane", namespace: "media", interface: "net2" },
    ]);
    expect(block.depends_on).toContainEqual(expect.stringMatching(/^helm_release\.Plane_Definition/));
  });

  test("is bound to a node, beside its own selector, and attached to what that node has", () => {
    const scene = new Scene({ master: [{ master: "ens4", nodes: ["agent"] }] });
    const all: Required<AttachOptions> = { node: "agent" };
    attach(makers[type](scene.stack, { nodeSelector: { disk: "ssd" } }), [Attachment.of(scene.network)], all);
    const { annotations, spec } = scene.synthesised(type);
    expect(spec.node_selector).toEqual({ disk: "ssd" });
    expect(nodeOfSpec(spec)).toBe("agent");
    expect(JSON.parse(annotations[NETWORKS_ANNOTATION]!)).toMatchObject([{ name: "plane-ens4" }]);
  });

  test("may have bound itself", () => {
    const scene = new Scene({ master: [{ master: "ens4", nodes: ["agent"] }] });
    const nodeSelector = { "kubernetes.io/hostname": "agent" };
    attach(makers[type](scene.stack, { nodeSelector }), [Attachment.of(scene.network)]);
    expect(JSON.parse(scene.synthesised(type).annotations[NETWORKS_ANNOTATION]!)).toMatchObject([
      { name: "plane-ens4" },
    ]);
  });
});

test("a pod is made anew for other networks, and keeps what Multus writes on it", () => {
  const scene = new Scene();
  const pod = makers.kubernetes_pod_v1(scene.stack);
  pod.lifecycle = { ignoreChanges: ["spec"], replaceTriggeredBy: ["terraform_data.own"] };
  attach(pod, [Attachment.of(scene.network)]);
  expect(scene.synthesised("kubernetes_pod_v1").block.lifecycle).toEqual({
    ignore_changes: [
      "spec",
      expect.stringContaining('annotations["k8s.v1.cni.cncf.io/network-status"]'),
      expect.anything(),
      expect.anything(),
    ],
    replace_triggered_by: ["terraform_data.own", expect.stringMatching(/^terraform_data\.Camera_Networks/)],
  });
});

test("a template is left to the plan, and makes new pods when the network is another", () => {
  const scene = new Scene();
  attach(makers.kubernetes_deployment_v1(scene.stack), [Attachment.of(scene.network)]);
  const { block, revision } = scene.synthesised("kubernetes_deployment_v1");
  expect(block.lifecycle).toBeUndefined();
  expect(revision).toMatch(/^\$\{terraform_data\.Camera_Networks_[0-9A-F]+\.id\}$/);
});

test.each<[Type, PodParts]>([
  ["kubernetes_deployment_v1", { strategy: { type: "Recreate" } }],
  ["kubernetes_stateful_set_v1", {}],
  ["kubernetes_pod_v1", {}],
])("one replica of a %s may have an address of its own", (type, parts) => {
  const scene = new Scene();
  const ips = scene.network.nextAddresses();
  expect(faultsOf(() => attach(makers[type](scene.stack, parts), [Attachment.of(scene.network, { ips })]))).toEqual([]);
});

test("fails if two workloads have one address or one MAC, however they are written", () => {
  const scene = new Scene({ ipam: Ipam.hostLocal({ subnet: "fd00:20::/64" }) });
  const { network, stack } = scene;
  const mac = "02:00:00:00:00:0a";
  attach(makers.kubernetes_pod_v1(stack), [Attachment.of(network, { ips: ["fd00:20::9/64"], mac })]);
  const again = { ips: ["fd00:20:0::0009/64"], mac: mac.toUpperCase() };
  const set = makers.kubernetes_stateful_set_v1(stack, { id: "Other" });
  expect(faultsOf(() => attach(set, [Attachment.of(network, again)]))).toEqual([
    '[lab/Other] attachments[0].ips must not be that of another pod (lab/Camera), got "fd00:20::9"; use another address',
    `[lab/Other] attachments[0].mac must not be that of another pod (lab/Camera), got "${mac}"; use another address`,
  ]);
});

const address = { ips: ["10.20.0.9/24"] };
test.each<[string, Type, PodParts, AttachOptions, Parameters<typeof Attachment.of>[1] | undefined, string]>([
  ["the node is unknown", "kubernetes_pod_v1", {}, { node: "x" }, {}, "node must be a node of the cluster"],
  [
    "the workload is bound elsewhere",
    "kubernetes_pod_v1",
    { nodeSelector: { "kubernetes.io/hostname": "server" } },
    { node: "agent" },
    {},
    "node must be the node of the workload's own selector, server",
  ],
  [
    "the annotation is there already",
    "kubernetes_deployment_v1",
    { annotations: { [NETWORKS_ANNOTATION]: "other" } },
    {},
    {},
    "workload must be attached once",
  ],
  [
    "the pods are on the host",
    "kubernetes_daemon_set_v1",
    { hostNetwork: true },
    {},
    {},
    "not be on the host's network",
  ],
  [
    "a new pod of the Deployment meets the old one's address",
    "kubernetes_deployment_v1",
    {},
    {},
    address,
    "a new pod would share with the old one",
  ],
  ["replicas share an address", "kubernetes_deployment_v1", { replicas: "2" }, {}, address, "which 2 pods would share"],
  ["all nodes' pods share an address", "kubernetes_daemon_set_v1", {}, {}, address, "which all pods would share"],
  [
    "an address lies outside",
    "kubernetes_pod_v1",
    {},
    {},
    { ips: ["10.21.0.9/24"] },
    "attachments[0].ips[0] must be an",
  ],
  ["there is no network", "kubernetes_pod_v1", {}, {}, undefined, "attachments must name at least one network"],
])("fails if %s", (_title, type, parts, options, props, expected) => {
  const scene = new Scene();
  const attachments = props ? [Attachment.of(scene.network, props)] : [];
  const found = faultsOf(() => attach(makers[type](scene.stack, parts), attachments, options));
  expect(found.join("\n")).toContain(expected);
  expect(found[0]).toMatch(/^\[lab\/Camera\] .* must .*, got .*; use /s);
});

test("fails if a workload is attached a second time", () => {
  const scene = new Scene();
  const workload = attach(makers.kubernetes_deployment_v1(scene.stack), [Attachment.of(scene.network)]);
  expect(faultsOf(() => attach(workload, [Attachment.of(scene.network)]))[0]).toContain(
    "workload must be attached once",
  );
});

test("fails if the node is not named on a network whose NIC has another name on some nodes", () => {
  const scene = new Scene({ master: [{ master: "ens4", nodes: ["agent"] }] });
  const found = faultsOf(() => attach(makers.kubernetes_daemon_set_v1(scene.stack), [Attachment.of(scene.network)]));
  expect(found[0]).toContain("attachments[0].network must be a network with one name on all nodes");
});
