import { SshHost } from "../../../constructs/cluster/ssh-host";
import { ExternalEndpoint, type ExternalEndpointProps } from "../../../constructs/verification/external-endpoint";
import { MulticastCheck } from "../../../constructs/verification/multicast-check";
import type { MulticastCheckProps } from "../../../constructs/verification/multicast-check-props";
import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import { DefaultNetwork } from "../../../constructs/verification/checked-network";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack, type Block, type Synthesised } from "../../helpers/synth";
import { TestNamespace } from "../../helpers/test-cluster";
import { configsOf, networksOf, podsOf, testNetwork } from "./check-objects";

const group = MulticastGroup.of("239.1.1.1", { port: 5004 });
const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJyv3i6S8tTh5h0b6n4cR6j0o0m1x2y3z4A5B6C7D8E9";
const host = SshHost.of("192.0.2.9", { user: "lab", privateKeyPath: "/etc/lab/key", hostKey, nodeName: "simulator" });
const required: ExternalEndpointProps = { host, interfaceName: "eth1", addresses: ["10.20.0.9/24"] };

interface Step {
  readonly input: Record<string, string>;
  readonly provisioner?: readonly { "local-exec": { when: string; command: string; environment: object } }[];
  readonly depends_on?: readonly string[];
}

/** The steps on the machine by what they run, `+` when made and `-` when destroyed. */
function stepsOf(synthesised: Synthesised): Record<string, Step> {
  const all = Object.values(synthesised.json.resource?.terraform_data ?? {}) as (Block & Step)[];
  // The check's identity runs nothing.
  const data = all.filter(({ provisioner }) => provisioner !== undefined);
  const name = (step: Step) =>
    step.provisioner?.map(({ "local-exec": run }) => `${run.when === "create" ? "+" : "-"}${run.command}`).join() ?? "";
  const steps = data.filter(({ provisioner }) => provisioner !== undefined);
  return Object.fromEntries(steps.map((step) => [name(step), step]));
}

function build(check: (endpoint: ExternalEndpoint) => Partial<MulticastCheckProps>, props = {}): Synthesised {
  const stack = newStack();
  const network = testNetwork(stack);
  const endpoint = new ExternalEndpoint(stack, "Simulator", { ...required, ...props });
  new MulticastCheck(stack, "Works", { network, group, ...check(endpoint) });
  return synthStack(stack);
}

describe("a receiver outside the cluster", () => {
  const synthesised = build((external) => ({
    receivers: [
      { name: "outside", external },
      { name: "a", node: "agent" },
    ],
  }));
  const steps = stepsOf(synthesised);

  test("what ends things is made before what starts them", () => {
    expect(Object.keys(steps).sort()).toEqual(["+prepare", "+start", "-clean", "-stop"]);
    for (const [later, earlier] of [
      ["+start", "-stop"],
      ["-stop", "+prepare"],
    ] as const)
      expect(nameOf(synthesised, steps[earlier])).toBe(steps[later]?.depends_on?.[0]);
    expect(steps["+prepare"]?.input.LAB_VALUE_ID).toContain(`${nameOf(synthesised, steps["-clean"])}.id`);
    expect(steps["+prepare"]?.input).toMatchObject({
      LAB_ADDRESS: "192.0.2.9",
      LAB_VALUE_INTERFACE: "eth1",
      LAB_VALUE_ADDRESSES: "10.20.0.9/24\n",
      LAB_VALUE_NODE: "",
    });
  });

  test("its probe joins on the machine's interface and hands out what it hears, to the verdict on the network", () => {
    const outlet = { address: "10.20.0.9", port: 30190 };
    const told = JSON.parse(steps["+start"]?.input.LAB_VALUE_CONFIG ?? "") as object;
    expect(told).toMatchObject({ mode: "receive", joins: ["239.1.1.1"], interface: "eth1", outlet });
    expect(configsOf(synthesised)["verdict.json"]).toMatchObject({
      receivers: [
        { name: "outside", node: "simulator", interface: "eth1", outlet, unicast: "heard", address: "10.20.0.9" },
        { name: "a", pod: "works-a" },
      ],
    });
    expect(configsOf(synthesised)["sender.json"]).toMatchObject({ unicast: ["10.20.0.9"], bindToInterface: false });
    const verdict = podsOf(synthesised)["works-verdict"]!;
    expect(networksOf(verdict)[0]?.ips).toEqual([expect.stringMatching(/^10\.20\.0\./)]);
    expect(verdict.depends_on).toContain(nameOf(synthesised, steps["+start"]));
    expect(Object.keys(podsOf(synthesised)).sort()).toEqual(["works-a", "works-sender", "works-verdict"]);
  });
});

test("a sender outside the cluster chooses its interface and reaches each pod by unicast as well", () => {
  const synthesised = build((external) => ({ sender: { external }, receivers: [{ name: "a", node: "agent" }] }));
  const pods = podsOf(synthesised);
  const address = networksOf(pods["works-a"]!)[0]?.ips?.[0]?.split("/")[0];
  const told = JSON.parse(stepsOf(synthesised)["+start"]?.input.LAB_VALUE_CONFIG ?? "") as object;
  expect(told).toMatchObject({ mode: "send", bindToInterface: true, unicast: [address], interface: "eth1" });
  expect(configsOf(synthesised)["verdict.json"]).toMatchObject({
    sender: { node: "simulator", interface: "eth1", outlet: { port: 30190 } },
    receivers: [{ unicast: "heard", address }],
  });
  expect(Object.keys(pods).sort()).toEqual(["works-a", "works-verdict"]);
});

test("every prop reaches the machine", () => {
  const props: Required<ExternalEndpointProps> = {
    ...required,
    addresses: ["10.20.0.9/24", "FD00:20::0:9/64"],
    firstPort: 4000,
    nodePath: "/opt/node/bin/node",
  };
  const synthesised = build((external) => ({ receivers: [{ name: "outside", external, unicast: "heard" }] }), props);
  expect(stepsOf(synthesised)["+prepare"]?.input).toMatchObject({
    LAB_VALUE_ADDRESSES: "10.20.0.9/24\nfd00:20::9/64\n",
    LAB_VALUE_NODE: "/opt/node/bin/node",
  });
  expect(configsOf(synthesised)["verdict.json"]).toMatchObject({ receivers: [{ outlet: { port: 4000 } }] });
});

test.each<[string, Partial<ExternalEndpointProps>, string]>([
  ["the interface's name is none", { interfaceName: "eth 1" }, "interfaceName must be a Linux interface name"],
  ["it has no address", { addresses: [] }, "addresses must name at least one"],
  ["an address has no prefix length", { addresses: ["10.20.0.9"] }, "addresses[0] must be an interface address"],
  ["a family has two", { addresses: ["10.20.0.9/24", "10.20.0.8/24"] }, "addresses must hold at most one"],
  ["the port is none", { firstPort: 0 }, "firstPort must"],
  ["Node.js is named by no absolute path", { nodePath: "~/node" }, "nodePath must be an absolute path"],
  [
    "its name is no label",
    { host: SshHost.of("192.0.2.9", { user: "lab", privateKeyPath: "/key", hostKey, nodeName: "a.b" }) },
    "host.nodeName must be a DNS-1123 label",
  ],
])("fails if %s", (_, props, message) => {
  const made = () => new ExternalEndpoint(newStack(), "Simulator", { ...required, ...props });
  expect(faultsOf(made)).toEqual([expect.stringContaining(message)]);
});

test.each<[string, (external: ExternalEndpoint) => Partial<MulticastCheckProps>, string]>([
  [
    "the sender is in two places",
    (external) => ({ sender: { external, node: "agent" } }),
    "sender.node must be left out",
  ],
  [
    "a receiver is in two places",
    (external) => ({ receivers: [{ name: "a", external, hostInterface: "eth1" }] }),
    "receivers[0].hostInterface must be left out",
  ],
  [
    "it is the sender and a receiver",
    (external) => ({ sender: { external }, receivers: [{ name: "a", external }] }),
    "receivers[0].external must be another machine than the sender's",
  ],
  [
    "it has joined and must not hear",
    (external) => ({
      receivers: [
        { name: "a", external },
        { name: "b", external, joins: false },
      ],
    }),
    "receivers[1].joins must be the check's group as of a, on the same machine's network",
  ],
  [
    "a node's network has joined and must not hear",
    () => ({
      receivers: [
        { name: "a", node: "agent", hostInterface: "eth1" },
        { name: "b", node: "agent", hostInterface: "eth1", joins: false },
      ],
    }),
    "receivers[1].joins must be the check's group as of a, on the same machine's network",
  ],
  [
    "the machine has no address of the group's family",
    (external) => ({ group: MulticastGroup.of("ff15::1", { port: 1 }), receivers: [{ name: "a", external }] }),
    "receivers[0].external must have an IPv6 address",
  ],
])("fails if %s", (_, props, message) => {
  expect(faultsOf(() => build(props))).toEqual([expect.stringContaining(message)]);
});

test("fails if it is to take part in the cluster's own network", () => {
  const made = () => {
    const stack = newStack();
    const { namespace } = testNetwork(stack);
    const external = new ExternalEndpoint(stack, "Simulator", required);
    const receivers = [{ name: "a", external, expect: "silent" as const }];
    return new MulticastCheck(stack, "Works", { network: DefaultNetwork.of(namespace), group, receivers });
  };
  expect(faultsOf(made)).toEqual([
    expect.stringContaining("receivers[0].external must be left out on the cluster's own"),
  ]);
});

test("a receiver in another namespace gets its files there, and the verdict may read it there", () => {
  const stack = newStack();
  const network = testNetwork(stack);
  const namespace = new TestNamespace(stack, network.namespace.cluster as never, "other");
  const receivers = [
    { name: "a", node: "agent", namespace },
    { name: "b", node: "agent" },
  ];
  new MulticastCheck(stack, "Works", { network, group, receivers });
  const synthesised = synthStack(stack);
  const inOther = (type: string) =>
    (synthesised.all(type) as { metadata: { name: string; namespace: string } }[]).filter(
      ({ metadata }) => metadata.namespace === "other",
    );
  expect(inOther("kubernetes_config_map_v1")).toHaveLength(1);
  expect(inOther("kubernetes_pod_v1").map(({ metadata }) => metadata.name)).toEqual(["works-a"]);
  expect(inOther("kubernetes_role_v1")).toMatchObject([{ rule: [{ resource_names: ["works-a"], verbs: ["get"] }] }]);
  expect(inOther("kubernetes_role_binding_v1")).toMatchObject([{ subject: [{ namespace: "media" }] }]);
  expect(configsOf(synthesised)["verdict.json"]).toMatchObject({
    receivers: [{ namespace: "other" }, { pod: "works-b" }],
  });
});

test("who joined and must be silent is proved alive by unicast, which the verdict tells the sender's pod to send", () => {
  const stack = newStack();
  const network = testNetwork(stack);
  const receivers = [
    { name: "apart", node: "agent", hostInterface: "eth1", expect: "silent" as const },
    { name: "b", node: "agent" },
  ];
  new MulticastCheck(stack, "Works", { network, group, receivers });
  const synthesised = synthStack(stack);
  expect(podsOf(synthesised)["works-apart"]!.spec).toMatchObject({ host_network: true });
  const configs = configsOf(synthesised);
  expect(configs["apart.json"]).toMatchObject({ interface: "eth1" });
  expect(configs["sender.json"]).toMatchObject({ rosterPort: 5004 });
  expect(configs["verdict.json"]).toMatchObject({
    rosterPort: 5004,
    receivers: [{ interface: "eth1", proof: "unicast" }, { name: "b" }],
  });
});

function nameOf(synthesised: Synthesised, step: Step | undefined): string {
  const all = Object.entries(synthesised.json.resource?.terraform_data ?? {});
  const [name] = all.find(([, block]) => block === (step as unknown)) ?? [];
  return `terraform_data.${name}`;
}
