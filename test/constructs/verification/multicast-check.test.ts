import { MulticastCheck } from "../../../constructs/verification/multicast-check";
import type { MulticastCheckProps } from "../../../constructs/verification/multicast-check-props";
import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import { DEFAULT_PROBE_IMAGE } from "../../../constructs/verification/probe-image";
import type { MulticastReceiver } from "../../../constructs/verification/receivers";
import { nodeOfSpec } from "../../helpers/placement";
import { faultsOf } from "../../helpers/faults";
import { newStack, synth, synthStack, type Synthesised } from "../../helpers/synth";
import { configsOf, networksOf, podsOf, testNetwork } from "./check-objects";

const group = MulticastGroup.of("239.1.1.1", { port: 5004 });
const image = `lab.local/probe:1@sha256:${"0".repeat(64)}`;

const check = (props: Partial<MulticastCheckProps> = {}): Synthesised =>
  synth((stack) => new MulticastCheck(stack, "PlaneWorks", { network: testNetwork(stack), group, ...props }));

const faults = (props: Partial<MulticastCheckProps>): readonly string[] =>
  faultsOf(() => {
    const stack = newStack();
    return new MulticastCheck(stack, "PlaneWorks", { network: testNetwork(stack), group, ...props });
  });

const receiver = (props: Partial<MulticastReceiver> = {}): MulticastReceiver => ({
  name: "a",
  node: "agent",
  ...props,
});

describe("with the required props", () => {
  const synthesised = check();
  const pods = podsOf(synthesised);
  const configs = configsOf(synthesised);

  test("a sender, a receiver beside it and three on the other node, each with an address of its own", () => {
    const placed = Object.entries(pods).map(([name, { spec }]) => [name, nodeOfSpec(spec)]);
    expect(Object.fromEntries(placed)).toEqual({
      "plane-works-sender": "server",
      "plane-works-same-node": "server",
      "plane-works-other-node": "agent",
      "plane-works-not-joined": "agent",
      "plane-works-other-group": "agent",
      "plane-works-verdict": undefined,
    });
    const attached = Object.values(pods).filter(({ metadata }) => metadata.annotations);
    const addresses = attached.flatMap((pod) => networksOf(pod)[0]?.ips ?? []);
    expect(new Set(addresses).size).toBe(5);
    expect(addresses).toEqual(addresses.map(() => expect.stringMatching(/^10\.20\.0\.[5-9]\d\/24$/) as unknown));
  });

  test("the sender relies on the routing table, receivers join what they should", () => {
    const common = {
      destinations: { test: { group: "239.1.1.1", port: 5004 }, control: { group: "239.1.129.1", port: 5004 } },
      interface: "net1",
    };
    expect(configs).toEqual({
      "sender.json": { mode: "send", ...common, ttl: 1, ratePerSecond: 20, bindToInterface: false },
      "same-node.json": { mode: "receive", ...common, joins: ["239.1.1.1"] },
      "other-node.json": { mode: "receive", ...common, joins: ["239.1.1.1"] },
      "not-joined.json": { mode: "receive", ...common, joins: [] },
      "other-group.json": { mode: "receive", ...common, joins: ["239.1.1.2"] },
      "verdict.json": expect.objectContaining({ windowSeconds: 10, deadlineSeconds: 30, maxLossPercent: 1 }) as unknown,
    });
  });

  test("the verdict expects two to hear and two to be silent", () => {
    expect(configs["verdict.json"]).toMatchObject({
      sender: { pod: "plane-works-sender", node: "server" },
      receivers: [
        { pod: "plane-works-same-node", node: "server", expect: "heard" },
        { pod: "plane-works-other-node", node: "agent", expect: "heard" },
        { pod: "plane-works-not-joined", node: "agent", expect: "silent", joins: [] },
        { pod: "plane-works-other-group", node: "agent", expect: "silent", joins: ["239.1.1.2"] },
      ],
      report: { configMap: "plane-works-report", namespace: "media", image: DEFAULT_PROBE_IMAGE },
    });
  });

  test("the verdict runs in the init container and is waited for until the pod has left Pending", () => {
    const verdict = pods["plane-works-verdict"]!;
    expect(verdict).toMatchObject({ target_state: ["Running", "Succeeded"], spec: { restart_policy: "Never" } });
    expect(verdict.spec.init_container?.[0]?.command).toEqual([
      "node",
      "/probe/probe.cjs",
      "/probe/verdict.json",
      "/probe-key/key",
    ]);
    expect(verdict.spec.init_container?.[0]?.env?.map(({ name }) => name)).toEqual(["POD_NAME", "POD_UID", "REVISION"]);
    const waitedFor = verdict.depends_on as string[];
    const others = synthesised.all("kubernetes_pod_v1").length - 1;
    expect(waitedFor.filter((name) => name.startsWith("kubernetes_pod_v1."))).toHaveLength(others);
    expect((verdict.lifecycle as { replace_triggered_by: string[] }).replace_triggered_by).toEqual(
      waitedFor.filter((name) => name.startsWith("kubernetes_pod_v1.")),
    );
  });

  test("the verdict may read these pods, write this report and warn, and nobody else has a token", () => {
    expect(synthesised.only("kubernetes_role_v1").rule).toEqual([
      {
        api_groups: [""],
        resources: ["pods", "pods/log"],
        resource_names: ["sender", "same-node", "other-node", "not-joined", "other-group"].map(
          (name) => `plane-works-${name}`,
        ),
        verbs: ["get"],
      },
      { api_groups: [""], resources: ["configmaps"], resource_names: ["plane-works-report"], verbs: ["patch"] },
      { api_groups: [""], resources: ["events"], verbs: ["create"] },
    ]);
    const tokens = Object.entries(pods).filter(([, { spec }]) => spec.automount_service_account_token !== false);
    expect(tokens.map(([name]) => name)).toEqual(["plane-works-verdict"]);
  });

  test("every container keeps to Pod Security restricted", () => {
    const containers = Object.values(pods).flatMap(({ spec }) => [...spec.container, ...(spec.init_container ?? [])]);
    for (const container of containers)
      expect(container.security_context).toEqual({
        allow_privilege_escalation: false,
        read_only_root_filesystem: true,
        run_as_non_root: true,
        capabilities: { drop: ["ALL"] },
      });
    for (const { spec } of Object.values(pods))
      expect(spec.security_context).toMatchObject({
        run_as_non_root: true,
        seccomp_profile: { type: "RuntimeDefault" },
      });
  });

  test("the report is the verdict's to write", () => {
    const maps = synthesised.all("kubernetes_config_map_v1") as { metadata: { name: string }; lifecycle?: unknown }[];
    expect(maps.find(({ metadata }) => metadata.name === "plane-works-report")?.lifecycle).toEqual({
      ignore_changes: ["data"],
    });
  });
});

test("every prop reaches the probes", () => {
  const stack = newStack();
  // `denyAll` and `switching` are for the cluster's own network: see deny-all-policy.test.ts and switching.test.ts.
  const props: Required<Omit<MulticastCheckProps, "denyAll" | "switching">> = {
    tolerations: [{ key: "dedicated", operator: "Exists" }],
    network: testNetwork(stack),
    group: MulticastGroup.of("239.2.2.2", { port: 6000, ttl: 9 }),
    checkName: "feed",
    sender: { node: "agent", bindToInterface: true },
    receivers: [receiver({ joins: true, expect: "silent" }), receiver({ name: "b", joins: group, node: "server" })],
    image,
    windowSeconds: 5,
    deadlineSeconds: 50,
    ratePerSecond: 100,
    maxLossPercent: 0.5,
  };
  const built = new MulticastCheck(stack, "PlaneWorks", props);
  const synthesised = synthStack(stack);
  const pods = podsOf(synthesised);
  expect(built.receivers.map(({ podName }) => podName)).toEqual(["feed-a", "feed-b"]);
  expect(Object.keys(pods).sort()).toEqual(["feed-a", "feed-b", "feed-sender", "feed-verdict"]);
  expect(Object.values(pods).flatMap(({ spec }) => spec.container.map((each) => each.image))).toEqual(
    [1, 2, 3, 4].map(() => image),
  );
  expect(configsOf(synthesised)).toMatchObject({
    "sender.json": { ttl: 9, ratePerSecond: 100, bindToInterface: true },
    "a.json": { joins: ["239.2.2.2"], destinations: { test: { group: "239.2.2.2", port: 6000 } } },
    "b.json": { joins: ["239.1.1.1"] },
    "verdict.json": {
      ttl: 9,
      windowSeconds: 5,
      deadlineSeconds: 50,
      maxLossPercent: 0.5,
      sender: { node: "agent" },
      receivers: [{ expect: "silent" }, { expect: "silent" }],
    },
  });
});

test("everyNode puts a joined receiver on each node", () => {
  const names = Object.keys(podsOf(check({ receivers: "everyNode" })));
  expect(names).toEqual(
    expect.arrayContaining(["plane-works-on-server", "plane-works-on-agent", "plane-works-not-joined"]),
  );
});

test("a change of what the probes are told gives them a new ConfigMap, and so new pods", () => {
  const mounted = (props: Partial<MulticastCheckProps>) =>
    JSON.stringify(podsOf(check(props))["plane-works-sender"]?.spec.volume);
  expect(mounted({})).toBe(mounted({}));
  expect(mounted({})).not.toBe(mounted({ ratePerSecond: 21 }));
});

test.each<[string, Partial<MulticastCheckProps>, string]>([
  ["the name is no label", { checkName: "Feed" }, "checkName must be a DNS-1123 label"],
  ["the name is too long for its pods", { checkName: "a".repeat(41) }, "checkName must have at most 40"],
  ["the image has no tag", { image: "node" }, "image must be an image reference"],
  ["the window is empty", { windowSeconds: 0 }, "windowSeconds must be a whole number from 1"],
  [
    "the deadline leaves no room for the window",
    { windowSeconds: 30, deadlineSeconds: 39 },
    "deadlineSeconds must be a whole number from 40",
  ],
  ["the rate is too high", { ratePerSecond: 1001 }, "ratePerSecond must be a whole number from 1 to 1000"],
  ["all may be lost", { maxLossPercent: 100 }, "maxLossPercent must be a percentage"],
  ["the loss is no number", { maxLossPercent: Number.NaN }, "maxLossPercent must be a number"],
  [
    "the group is no group",
    { group: MulticastGroup.of("10.0.0.1", { port: 1 }) },
    "group.address must be a multicast group",
  ],
  [
    "IPv6 has to find its way by routes",
    { group: MulticastGroup.of("ff15::1", { port: 1 }), sender: { bindToInterface: false } },
    "sender.bindToInterface must be true with IPv6",
  ],
  ["the sender's node is unknown", { sender: { node: "moon" } }, "sender.node must be a node of the cluster, got"],
  ["a receiver's node is unknown", { receivers: [receiver({ node: "moon" })] }, "receivers[0].node must be a node"],
  [
    "a receiver's name is no label",
    { receivers: [receiver({ name: "$(x)" })] },
    "receivers[0].name must be a DNS-1123",
  ],
  [
    "a receiver's name is taken by the check",
    { receivers: [receiver({ name: "verdict" })] },
    "receivers[0].name must not be one of",
  ],
  ["a name is used twice", { receivers: [receiver(), receiver()] }, "receivers[1].name must be used once"],
  [
    "a deaf receiver must hear",
    { receivers: [receiver({ joins: false, expect: "heard" })] },
    'receivers[0].expect must be "silent"',
  ],
  [
    "a receiver joins the control group",
    { receivers: [receiver({ joins: group.control() })] },
    "not be the check's control group",
  ],
  ["nobody listens", { receivers: [] }, "receivers must name at least one receiver"],
])("fails if %s", (_, props, message) => {
  expect(faults(props)).toEqual([expect.stringContaining(`[lab/PlaneWorks] `)]);
  expect(faults(props)[0]).toContain(message);
});

test("fails if the network gives no multicast route and the sender does not choose its interface", () => {
  const build = (bindToInterface: boolean) => () => {
    const stack = newStack();
    const network = testNetwork(stack, { multicastRoute: false });
    return new MulticastCheck(stack, "PlaneWorks", { network, group, sender: { bindToInterface } });
  };
  expect(faultsOf(build(false))).toEqual([
    expect.stringContaining("network must give its pods a route for 224.0.0.0/4"),
  ]);
  expect(faultsOf(build(true))).toEqual([]);
});

test.each([
  ["239.128.0.5", true],
  ["239.1.0.5", false],
])("silence in %s is warned of where switches flood it anyway: %s", (address, warned) => {
  const stack = newStack();
  const check = new MulticastCheck(stack, "Works", {
    network: testNetwork(stack),
    group: MulticastGroup.of(address, { port: 5004 }),
  });
  const messages = check.node.metadata.map(({ data }) => String(data)).join();
  expect(messages.includes("not-joined, other-group must be silent says nothing of the network")).toBe(warned);
});
