import { Attachment } from "../../../constructs/network/attachment";
import {
  NetworkStatusCheck,
  type NetworkStatusCheckProps,
} from "../../../constructs/verification/network-status-check";
import { VerificationPod } from "../../../constructs/verification/verification-pod";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { TestNamespace } from "../../helpers/test-cluster";
import { configsOf, testNetwork } from "./check-objects";

function scene(attached = true) {
  const stack = newStack();
  const network = testNetwork(stack);
  const twice = [
    Attachment.of(network, { ips: ["10.20.0.60/24"], mac: "02:00:00:00:00:01" }),
    Attachment.of(network, { ips: ["10.20.0.61/24"], interfaceName: "data0" }),
  ];
  const pod = new VerificationPod(stack, "Samplepod", {
    namespace: network.namespace,
    command: ["node", "--version"],
    node: "agent",
    attachments: attached ? twice : [],
  });
  return { stack, network, pod, namespace: network.namespace };
}

const faults = (props: Partial<NetworkStatusCheckProps>, attached = true): readonly string[] =>
  faultsOf(() => {
    const { stack, pod, namespace } = scene(attached);
    return new NetworkStatusCheck(stack, "Status", { namespace, pods: [pod], ...props });
  });

test("with the required props the verdict is told what each pod asked for", () => {
  const { stack, pod, namespace } = scene();
  new NetworkStatusCheck(stack, "Status", { namespace, pods: [pod] });
  const synthesised = synthStack(stack);
  expect(configsOf(synthesised)["verdict.json"]).toMatchObject({
    mode: "status-ask",
    report: { check: "status", configMap: "status-report" },
    pods: [
      {
        pod: "samplepod",
        node: "agent",
        interfaces: [
          { name: "net1", network: "media/plane", ips: ["10.20.0.60"], mac: "02:00:00:00:00:01" },
          { name: "data0", network: "media/plane", ips: ["10.20.0.61"] },
        ],
      },
    ],
  });
  const { rule } = synthesised.only("kubernetes_role_v1") as { rule: Record<string, string[]>[] };
  expect(rule[0]).toMatchObject({ resource_names: ["samplepod"], verbs: ["get"] });
});

test("every prop reaches the verdict", () => {
  const { stack, pod, namespace } = scene();
  const props: Required<NetworkStatusCheckProps> = {
    tolerations: [{ key: "dedicated", operator: "Exists" }],
    namespace,
    pods: [pod],
    checkName: "look",
    image: "lab.local/probe:2",
  };
  expect(new NetworkStatusCheck(stack, "Status", props).checkName).toBe("look");
  expect(configsOf(synthStack(stack))["verdict.json"]).toMatchObject({
    report: { check: "look", image: "lab.local/probe:2" },
  });
});

test.each<[string, Partial<NetworkStatusCheckProps>, string]>([
  ["the check's name is no label", { checkName: "-" }, "checkName must be a DNS-1123 label"],
  ["the image is latest", { image: "probe:latest" }, "image must be an image reference"],
  ["there is no pod", { pods: [] }, "pods must name at least one pod"],
])("fails if %s", (_, props, message) => {
  expect(faults(props)).toEqual([expect.stringContaining(message)]);
});

test("fails if a pod has no network", () => {
  expect(faults({}, false)).toEqual([expect.stringContaining("pods[0] must be attached to a network")]);
});

test("fails if a pod is in another namespace", () => {
  const { stack, pod, namespace } = scene();
  const other = new TestNamespace(stack, namespace.cluster, "other");
  const build = (): unknown => new NetworkStatusCheck(stack, "Status", { namespace: other, pods: [pod] });
  expect(faultsOf(build)).toEqual([expect.stringContaining("pods[0] must be in other")]);
});
