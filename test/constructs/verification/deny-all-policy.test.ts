import { MulticastNamespace } from "../../../constructs/namespace/multicast-namespace";
import { DefaultNetwork } from "../../../constructs/verification/checked-network";
import { DenyAllPolicy, type DenyAllPolicyProps } from "../../../constructs/verification/deny-all-policy";
import { MulticastCheck } from "../../../constructs/verification/multicast-check";
import type { MulticastCheckProps } from "../../../constructs/verification/multicast-check-props";
import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import type { MulticastReceiver } from "../../../constructs/verification/receivers";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";
import { configsOf, testNetwork } from "./check-objects";

const group = MulticastGroup.of("239.1.1.1", { port: 5004, ttl: 64 });
const component = "app.kubernetes.io/component";

function place() {
  const stack = newStack();
  const cluster = new TestCluster(stack, "Cluster", "kubernetes", { type: "ovn-kubernetes" });
  const denied = new MulticastNamespace(stack, "Denied", { cluster, namespaceName: "denied" });
  const other = new MulticastNamespace(stack, "Other", { cluster, namespaceName: "other" });
  return { stack, denied, other };
}

interface Policy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Readonly<Record<string, unknown>> & { readonly pod_selector: object };
}

test("all traffic of all pods is denied; verdicts and senders alone have what they need", () => {
  const { stack, denied } = place();
  new DenyAllPolicy(stack, "Policy", { namespace: denied });
  const policies = synthStack(stack).all("kubernetes_network_policy_v1") as unknown as Policy[];
  expect(policies.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
    "denied/default-deny-all",
    "denied/default-deny-all-sender",
    "denied/default-deny-all-verdict",
  ]);
  const [all, sender, verdict] = policies.map(({ spec }) => spec);
  expect(all).toEqual({ pod_selector: {}, policy_types: ["Ingress", "Egress"] });
  expect(verdict).toEqual({
    pod_selector: { match_labels: expect.objectContaining({ [component]: "verdict" }) as object },
    policy_types: ["Egress"],
    egress: [{}],
  });
  // Any pod, but no address besides theirs: a group is none of them.
  expect(sender).toMatchObject({
    pod_selector: { match_labels: { [component]: "sender" } },
    ingress: [{ from: [{ pod_selector: { match_labels: { [component]: "verdict" } } }] }],
    egress: [{ to: [{ namespace_selector: {} }] }],
  });
});

test("every prop is used", () => {
  const { stack, denied } = place();
  const all: Required<DenyAllPolicyProps> = { namespace: denied, policyName: "nobody" };
  const { resource, exceptions } = new DenyAllPolicy(stack, "Policy", all);
  const names = [resource, ...exceptions].map(({ metadata }) => metadata.nameInput);
  expect(names).toEqual(["nobody", "nobody-verdict", "nobody-sender"]);
});

test.each([["Nobody"], ["a".repeat(51)], [""]])("fails if the policy's name is %j", (policyName) => {
  const { stack, denied } = place();
  expect(faultsOf(() => new DenyAllPolicy(stack, "Policy", { namespace: denied, policyName }))).toHaveLength(1);
});

const inside: MulticastReceiver = { name: "inside", node: "agent", unicast: "silent" };

function check(receivers: (other: MulticastNamespace) => readonly MulticastReceiver[]) {
  const { stack, denied, other } = place();
  const denyAll = new DenyAllPolicy(stack, "Policy", { namespace: denied });
  const network = DefaultNetwork.of(denied);
  new MulticastCheck(stack, "Passes", { network, group, denyAll, receivers: receivers(other) });
  return synthStack(stack);
}

const outside = (namespace: MulticastNamespace): MulticastReceiver => ({
  name: "outside",
  namespace,
  expect: "silent",
  unicast: "heard",
});

test("nobody sends before the policies are there, and unicast tells whether they are in force", () => {
  const result = check((other) => [inside, outside(other)]);
  for (const pod of result.all("kubernetes_pod_v1")) {
    const { depends_on: after } = pod as { depends_on: string[] };
    const policies = after.filter((address) => address.startsWith("kubernetes_network_policy_v1."));
    const { name } = pod.metadata as { name: string };
    // The verdict comes after the pods that it judges.
    expect({ name, policies: policies.length }).toEqual({ name, policies: name.endsWith("verdict") ? 0 : 3 });
  }
  expect(configsOf(result)).toMatchObject({
    "verdict.json": {
      receivers: [
        { name: "inside", expect: "heard", unicast: "silent" },
        { name: "outside", expect: "silent", unicast: "heard", proof: "unicast", namespace: "other" },
      ],
    },
  });
});

describe("fails if", () => {
  test("no receiver shows that the policy is in force", () => {
    const faults = faultsOf(() => check((other) => [{ name: "inside" }, outside(other)]));
    expect(faults.join()).toContain("denyAll must be seen to be in force by a receiver of its namespace");
  });

  test("nobody shows that the sender's unicast goes anywhere", () => {
    expect(faultsOf(() => check(() => [inside])).join()).toContain("receivers[0].unicast must be beside a receiver");
  });

  test("unicast would have to pass the policy", () => {
    const heard = { ...inside, name: "heard", unicast: "heard" as const };
    const faults = faultsOf(() => check((other) => [inside, heard, outside(other)]));
    expect(faults.join()).toContain("receivers[1].unicast must not be asked of a namespace whose policy denies it");
  });

  test("the policy is that of another namespace", () => {
    const { stack, denied, other } = place();
    const denyAll = new DenyAllPolicy(stack, "Policy", { namespace: other });
    const network = DefaultNetwork.of(denied);
    const faults = faultsOf(() => new MulticastCheck(stack, "Passes", { network, group, denyAll }));
    expect(faults.join()).toContain("denyAll must be a policy of the check's namespace");
  });

  test("the network is an attached one, which knows no policies", () => {
    const stack = newStack();
    const network = testNetwork(stack);
    const denyAll = new DenyAllPolicy(stack, "Policy", { namespace: network.namespace });
    const props: MulticastCheckProps = { network, group, denyAll };
    expect(faultsOf(() => new MulticastCheck(stack, "Passes", props)).join()).toContain(
      "denyAll must be left out: a NetworkPolicy says nothing of attached networks",
    );
  });
});
