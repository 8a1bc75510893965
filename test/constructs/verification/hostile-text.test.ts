/** String fields of machines outside and of Services' members: each hostile text is refused, or reaches machine or pod byte for byte. */
import { SshHost } from "../../../constructs/cluster/ssh-host";
import { ExternalEndpoint, type ExternalEndpointProps } from "../../../constructs/verification/external-endpoint";
import { MulticastCheck } from "../../../constructs/verification/multicast-check";
import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import type { MulticastReceiver } from "../../../constructs/verification/receivers";
import { ServiceCheck, type ServiceMember } from "../../../constructs/verification/service-check";
import { MulticastWay } from "../../../constructs/workload/multicast-way";
import { changedTexts, outcome, type Field } from "../../helpers/hostile-fields";
import { nodeOfSpec } from "../../helpers/placement";
import { stored, type Block, type Synthesised } from "../../helpers/synth";
import { surroundings } from "../../helpers/test-cluster";
import { configsOf, podsOf, testNetwork } from "./check-objects";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJyv3i6S8tTh5h0b6n4cR6j0o0m1x2y3z4A5B6C7D8E9";
const access = { user: "lab", privateKeyPath: "/etc/lab/key", hostKey };
const group = MulticastGroup.of("239.1.1.1", { port: 5004 });

/** What the machine's step finds in its environment. */
function told(result: Synthesised, name: string): string | undefined {
  const steps = Object.values(result.json.resource?.terraform_data ?? {}) as (Block & {
    input: Record<string, string>;
  })[];
  const text = steps.map(({ input }) => input[name]).find((value) => value !== undefined);
  return text === undefined ? undefined : stored(text);
}

function endpoint(props: (text: string) => Partial<ExternalEndpointProps>, name: string, lines = false): Field {
  return (stack, text) => {
    const host = SshHost.of("192.0.2.9", { ...access, nodeName: "simulator" });
    const required = { host, interfaceName: "eth1", addresses: ["10.20.0.9/24"] };
    new ExternalEndpoint(stack, "Simulator", { ...required, ...props(text) });
    return (result) => (lines ? told(result, name)?.replace(/\n$/, "") : told(result, name));
  };
}

function receiver(props: (text: string) => MulticastReceiver, read: (result: Synthesised) => unknown): Field {
  return (stack, text) => {
    new MulticastCheck(stack, "Works", { network: testNetwork(stack), group, receivers: [props(text)] });
    return read;
  };
}

function member(props: (text: string) => ServiceMember, read: (result: Synthesised) => unknown): Field {
  return (stack, text) => {
    const { namespace } = surroundings(stack);
    new ServiceCheck(stack, "Answers", { namespace, group, members: [props(text)] });
    return read;
  };
}

const judged = (key: "name" | "node" | "interface") => (result: Synthesised) => {
  const config = configsOf(result)["verdict.json"];
  return config?.mode === "verdict" ? config.receivers[0]?.[key] : undefined;
};
const nodeOf = (result: Synthesised) =>
  Object.values(podsOf(result))
    .map(({ spec }) => nodeOfSpec(spec))
    .find((node) => node !== undefined && node !== "server");

const fields: Record<string, Field> = {
  "ExternalEndpoint.interfaceName": endpoint((interfaceName) => ({ interfaceName }), "LAB_VALUE_INTERFACE"),
  "ExternalEndpoint.addresses": endpoint((text) => ({ addresses: [text] }), "LAB_VALUE_ADDRESSES", true),
  "ExternalEndpoint.nodePath": endpoint((nodePath) => ({ nodePath }), "LAB_VALUE_NODE"),
  "ExternalEndpoint.host.nodeName": endpoint(
    (nodeName) => ({ host: SshHost.of("192.0.2.9", { ...access, nodeName }) }),
    "LAB_HOST",
  ),
  "MulticastReceiver.name": receiver((name) => ({ name, node: "agent" }), judged("name")),
  "MulticastReceiver.node": receiver((node) => ({ name: "a", node }), judged("node")),
  "MulticastReceiver.hostInterface": receiver((hostInterface) => ({ name: "a", hostInterface }), judged("interface")),
  "ServiceMember.name": member(
    (name) => ({ name }),
    (result) => (result.only("kubernetes_service_v1").metadata as { name: string }).name,
  ),
  "ServiceMember.node": member((node) => ({ name: "a", node, way: MulticastWay.hostNetwork() }), nodeOf),
};

describe.each(Object.entries(fields))("%s", (_name, field) => {
  test("refuses a hostile text or hands it on byte for byte", () => {
    expect(changedTexts(field)).toEqual([]);
  });
});

test.each<[string, string]>([
  ["ExternalEndpoint.interfaceName", "eth9"],
  ["ExternalEndpoint.addresses", "10.20.0.8/24"],
  ["ExternalEndpoint.nodePath", "/opt/my node/bin/node"],
  ["ExternalEndpoint.host.nodeName", "desk"],
  ["MulticastReceiver.name", "b"],
  ["MulticastReceiver.node", "agent"],
  ["MulticastReceiver.hostInterface", "eth9"],
  ["ServiceMember.name", "b"],
  ["ServiceMember.node", "agent"],
])("%s is read where it arrives: %j", (name, text) => {
  expect(outcome(fields[name]!, text)).toBe("kept");
});
