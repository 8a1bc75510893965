import { Attachment } from "../../../constructs/network/attachment";
import { VerificationPod, type VerificationPodProps } from "../../../constructs/verification/verification-pod";
import { DEFAULT_PROBE_IMAGE } from "../../../constructs/verification/probe-image";
import { nodeOfSpec } from "../../helpers/placement";
import { faultsOf } from "../../helpers/faults";
import { newStack, stored, synth, synthStack } from "../../helpers/synth";
import { surroundings } from "../../helpers/test-cluster";
import { networksOf, podsOf, testNetwork } from "./check-objects";

const faults = (props: Partial<VerificationPodProps>): readonly string[] =>
  faultsOf(() => {
    const stack = newStack();
    return new VerificationPod(stack, "Probe", { ...surroundings(stack), command: ["node"], ...props });
  });

test("a pod with the required props has the default image and no secondary network", () => {
  const synthesised = synth(
    (stack) => new VerificationPod(stack, "Probe", { ...surroundings(stack), command: ["node"] }),
  );
  const pod = podsOf(synthesised).probe!;
  expect(pod.metadata.annotations).toEqual({});
  expect(pod.spec.container[0]).toMatchObject({ image: DEFAULT_PROBE_IMAGE, command: ["node"] });
  expect(pod.spec).toMatchObject({ automount_service_account_token: false, termination_grace_period_seconds: 1 });
});

test("every prop reaches the pod, text byte for byte", () => {
  const stack = newStack();
  const network = testNetwork(stack);
  const text = 'it\'s "$(touch x)" `y` ${z} %{if}\nnext';
  const props: Required<VerificationPodProps> = {
    namespace: network.namespace,
    command: ["socat", text],
    attachments: [Attachment.of(network, { ips: ["10.20.0.60/24"] }), Attachment.of(network)],
    podName: "listener",
    hostname: "mlistener",
    node: "agent",
    image: "docker.io/library/node:22.1",
    env: { TEXT: text },
    hostNetwork: false,
    tolerations: [{ key: "dedicated", operator: "Exists" }],
    labels: { app: "multicast-verify" },
    configMapName: "files",
    keySecret: "keys",
    dependsOn: [network.ready[0]!],
  };
  const { resource } = new VerificationPod(stack, "Probe", props);
  const pod = podsOf(synthStack(stack)).listener!;
  expect(resource.friendlyUniqueId).toContain("Probe");
  expect(pod.metadata.labels).toEqual({ app: "multicast-verify" });
  expect(networksOf(pod)).toMatchObject([{ interface: "net1", ips: ["10.20.0.60/24"] }, { interface: "net2" }]);
  expect(pod.spec).toMatchObject({ hostname: "mlistener" });
  expect(nodeOfSpec(pod.spec)).toBe("agent");
  expect(pod.spec.toleration).toEqual([{ key: "dedicated", operator: "Exists" }]);
  expect(pod.spec.volume).toEqual([
    { name: "files", config_map: { name: "files" } },
    { name: "key", secret: { secret_name: "keys" } },
  ]);
  const container = pod.spec.container[0]!;
  expect(container).toMatchObject({ volume_mount: [{ mount_path: "/probe" }, { mount_path: "/probe-key" }] });
  expect(container.command.map(stored)).toEqual(["socat", text]);
  expect(stored(container.env?.find(({ name }) => name === "TEXT")?.value ?? "")).toBe(text);
  expect(container.image).toBe("docker.io/library/node:22.1");
});

test("a pod may be on its node's own network, without attachments", () => {
  const stack = newStack();
  const { namespace } = testNetwork(stack);
  new VerificationPod(stack, "Probe", { namespace, command: ["node"], hostNetwork: true });
  expect(podsOf(synthStack(stack)).probe!.spec).toMatchObject({ host_network: true });
});

test.each<[string, Partial<VerificationPodProps>, string]>([
  ["the name is no label", { podName: "A" }, "podName must be a DNS-1123 label"],
  ["the host name is no label", { hostname: "a.b" }, "hostname must be a DNS-1123 label"],
  ["the image is latest", { image: "node:latest" }, "image must be an image reference"],
  ["there is no program", { command: [] }, "command must name a program"],
  ["a word cannot be stored", { command: ["a\u0000b"] }, "command[0] must"],
  ["a variable's name is none", { env: { "A-B": "x" } }, "env.A-B must have a name"],
  ["a label's key is none", { labels: { "a b": "x" } }, "labels.a b must"],
  ["the node is unknown", { node: "moon" }, "node must be a node of the cluster"],
])("fails if %s", (_, props, message) => {
  expect(faults(props)).toEqual([expect.stringContaining(message)]);
});

test("on OpenShift a pod has the user that its namespace gives it, and no plan takes that away", () => {
  const stack = newStack();
  new VerificationPod(stack, "Probe", { ...surroundings(stack, "openshift"), command: ["node"] });
  const pod = podsOf(synthStack(stack)).probe!;
  expect(pod.metadata.annotations).toEqual({ "openshift.io/required-scc": "restricted-v2" });
  expect(pod.spec.security_context).toEqual({ run_as_non_root: true, seccomp_profile: { type: "RuntimeDefault" } });
  expect(pod.lifecycle).toMatchObject({
    ignore_changes: expect.arrayContaining(["spec[0].security_context", "spec[0].container[0].security_context"]) as [],
  });
});
