import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import { ServiceCheck, type ServiceCheckProps } from "../../../constructs/verification/service-check";
import { DEFAULT_PROBE_IMAGE } from "../../../constructs/verification/probe-image";
import { MulticastWay } from "../../../constructs/workload/multicast-way";
import { nodeOfSpec } from "../../helpers/placement";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { TestCluster, TestNamespace } from "../../helpers/test-cluster";
import { configsOf, podsOf } from "./check-objects";

const group = MulticastGroup.of("239.1.1.6", { port: 5006 });
const members = [
  { name: "media-1", node: "server" },
  { name: "media-6", node: "agent", sends: true },
];

function build(props: Partial<ServiceCheckProps> = {}) {
  const stack = newStack();
  const namespace = new TestNamespace(stack, new TestCluster(stack));
  const check = new ServiceCheck(stack, "ServicesAnswer", { namespace, members, group, ...props });
  return { stack, check };
}

const faults = (props: Partial<ServiceCheckProps>): readonly string[] => faultsOf(() => build(props));

test("with the required props each member is a pod behind a Service of its name, and the verdict asks them all", () => {
  const synthesised = synthStack(build().stack);
  expect(Object.keys(podsOf(synthesised)).sort()).toEqual(["media-1", "media-6", "services-answer-verdict"]);
  expect(nodeOfSpec(podsOf(synthesised)["media-6"]?.spec)).toBe("agent");
  expect(synthesised.all("kubernetes_service_v1")).toMatchObject(
    ["media-1", "media-6"].map((name) => ({
      metadata: { name, namespace: "media" },
      spec: { selector: { "multicast-lab/member": name }, port: [{ port: 8080, target_port: "8080" }] },
    })),
  );
  const destination = { group: "239.1.1.6", port: 5006 };
  expect(configsOf(synthesised)).toMatchObject({
    "media-1.json": { mode: "answer", name: "media-1", port: 8080, destination, ttl: 1, sends: false },
    "media-6.json": { mode: "answer", name: "media-6", sends: true },
    "verdict.json": {
      mode: "service-ask",
      report: { image: DEFAULT_PROBE_IMAGE, configMap: "services-answer-report" },
      services: [
        { name: "media-1", hears: [] },
        { name: "media-6", hears: [] },
      ],
      windowSeconds: 3,
      deadlineSeconds: 33,
    },
  });
});

test("the verdict may look at the Services and pods of its check and at no others", () => {
  const { rule } = synthStack(build().stack).only("kubernetes_role_v1") as { rule: Record<string, string[]>[] };
  expect(rule).toContainEqual({
    api_groups: [""],
    resources: ["services"],
    resource_names: ["media-1", "media-6"],
    verbs: ["get"],
  });
});

test("every prop reaches the pods", () => {
  const stack = newStack();
  const props: Required<ServiceCheckProps> = {
    tolerations: [{ key: "dedicated", operator: "Exists" }],
    namespace: new TestNamespace(stack, new TestCluster(stack), "other"),
    members: [
      { name: "a", node: "server", sends: true, hears: ["b"] },
      { name: "b", node: "agent", workload: "deployment", sends: true, hears: ["a"] },
    ],
    group: MulticastGroup.of("239.9.9.9", { port: 999, ttl: 3 }),
    servicePort: 9000,
    checkName: "ask",
    image: "lab.local/probe:1",
    windowSeconds: 5,
    deadlineSeconds: 60,
  };
  const check = new ServiceCheck(stack, "ServicesAnswer", props);
  const synthesised = synthStack(stack);
  expect(check.checkName).toBe("ask");
  expect(check.workloads.map(({ terraformResourceType }) => terraformResourceType)).toEqual([
    "kubernetes_pod_v1",
    "kubernetes_deployment_v1",
  ]);
  expect(podsOf(synthesised).a).toMatchObject({ metadata: { namespace: "other" } });
  const deployment = synthesised.only("kubernetes_deployment_v1") as { spec: { template: { spec: unknown } } };
  expect(deployment).toMatchObject({
    metadata: { name: "b", namespace: "other" },
    spec: { template: { metadata: { labels: { "multicast-lab/member": "b" } } } },
  });
  expect(nodeOfSpec(deployment.spec.template.spec)).toBe("agent");
  expect(configsOf(synthesised)).toMatchObject({
    "a.json": { port: 9000, destination: { group: "239.9.9.9", port: 999 }, ttl: 3 },
    "verdict.json": {
      services: [{ hears: ["b"] }, { hears: ["a"] }],
      port: 9000,
      windowSeconds: 5,
      deadlineSeconds: 60,
    },
  });
});

test("a Deployment's pod is told its node, since the verdict does not know its name", () => {
  const deployed = [{ name: "b", workload: "deployment" as const }];
  const { spec } = synthStack(build({ members: deployed }).stack).only("kubernetes_deployment_v1") as {
    spec: { template: { spec: { container: { env: unknown[] }[] } } };
  };
  const told = { name: "NODE_NAME", value_from: { field_ref: { field_path: "spec.nodeName" } } };
  expect(spec.template.spec.container[0]?.env).toContainEqual(told);
});

test("a member takes part in multicast by its way, and the others by the cluster's network alone", () => {
  const hosts = [
    { name: "a", node: "server", way: MulticastWay.hostNetwork() },
    { name: "b", node: "agent", workload: "deployment" as const, way: MulticastWay.hostNetwork() },
    { name: "c", node: "agent" },
  ];
  const synthesised = synthStack(build({ members: hosts }).stack);
  const pods = podsOf(synthesised);
  expect(pods.a?.spec).toMatchObject({ host_network: true });
  expect(pods.c?.spec).not.toHaveProperty("host_network");
  expect(synthesised.only("kubernetes_deployment_v1")).toMatchObject({
    spec: { template: { spec: { host_network: true } } },
  });
});

const onHost = (name: string, node?: string) => ({ name, node, way: MulticastWay.hostNetwork() });

const one = (member: object) => ({
  members: [
    { name: "media-1", ...member },
    { name: "media-6", sends: true },
  ],
});

test.each<[string, Partial<ServiceCheckProps>, string]>([
  ["the check's name is no label", { checkName: "-" }, "checkName must be a DNS-1123 label"],
  ["the image is latest", { image: "probe:latest" }, "image must be an image reference"],
  ["the port is a privileged one", { servicePort: 80 }, "servicePort must be a whole number from 1024 to 65535"],
  ["the window is empty", { windowSeconds: 0 }, "windowSeconds must be a whole number from 1"],
  ["the deadline is too short", { deadlineSeconds: 12 }, "deadlineSeconds must be a whole number from 13"],
  ["the group is IPv6", { group: MulticastGroup.of("ff15::1", { port: 1 }) }, "group.address must be IPv4"],
  ["there is no member", { members: [] }, "members must name at least one pod"],
  ["a name is no Service's", one({ name: "6-media" }), "members[0].name must be a DNS-1035 label"],
  ["a name is taken", one({ name: "verdict" }), "members[0].name must be a DNS-1035 label"],
  ["a name is there twice", { members: [members[0]!, members[0]!] }, "members[1].name must be used once"],
  ["a workload is of another kind", one({ workload: "job" }), 'members[0].workload must be one of "pod", "deployment"'],
  ["a node is unknown", one({ node: "moon" }), "members[0].node must be a node of the cluster"],
  [
    "two members are on one node's network",
    { members: [onHost("a", "server"), onHost("b", "agent"), onHost("c", "server")] },
    "members[2].node must be another than that of a",
  ],
  [
    "two members may come to one node's network",
    { members: [onHost("a"), onHost("b", "agent")] },
    "members[1].node must be another than that of a",
  ],
  ["a member hears itself", one({ sends: true, hears: ["media-1"] }), "members[0].hears[0] must be another member"],
  ["a member hears one that is silent", one({ hears: ["media-2"] }), "members[0].hears[0] must be another member"],
])("fails if %s", (_, props, message) => {
  expect(faults(props)).toEqual([expect.stringContaining(message)]);
});
