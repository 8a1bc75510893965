import {
  check,
  checkOnCluster,
  checkOnDefault,
  group,
  image,
  judged,
  NotJudged,
  OF_ITS_OWN,
  type JudgedCase,
} from "./judged-cases";
import { testNetwork } from "./check-objects";
import { host, HOST_KEY } from "../cluster/hosts";
import * as library from "../../../constructs";
import type { TerraformStack } from "../../../constructs/private/terraform";
import { surroundings } from "../../helpers/test-cluster";

const WAY_THERE = new NotJudged("says how the machine that runs Terraform gets there");
const outside = host("192.0.2.9", { nodeName: "simulator" });
const endpointProps = { host: outside, interfaceName: "eth1", addresses: ["10.20.0.9/24"] };

function endpointCheck(stack: TerraformStack, props: Partial<library.ExternalEndpointProps>): void {
  const external = new library.ExternalEndpoint(stack, "Outside", { ...endpointProps, ...props });
  check(stack, testNetwork(stack), { receivers: [{ name: "out", external }] });
}

const tolerations: library.Toleration[] = [{ key: "dedicated", operator: "Exists" }];

const checks: readonly JudgedCase[] = [
  judged<library.MulticastCheckProps>(
    "MulticastCheckProps",
    {},
    {
      network: OF_ITS_OWN,
      group: library.MulticastGroup.of("239.1.1.9", { port: 5004 }),
      checkName: "other",
      sender: { node: "agent" },
      receivers: "everyNode",
      denyAll: OF_ITS_OWN,
      switching: new NotJudged("on OVN-Kubernetes' own network only; it is in the verdict's configuration"),
      image: "lab.local/probe:2",
      windowSeconds: 11,
      deadlineSeconds: 60,
      ratePerSecond: 10,
      maxLossPercent: 2,
      tolerations,
    },
    (stack, value) => check(stack, testNetwork(stack), value),
  ),
  judged<library.MulticastSender>(
    "MulticastSender",
    { node: "server" },
    { node: "agent", external: OF_ITS_OWN, bindToInterface: true },
    (stack, sender) => check(stack, testNetwork(stack), { sender }),
  ),
  judged<library.MulticastReceiver>(
    "MulticastReceiver",
    { name: "a", node: "server" },
    {
      name: "b",
      node: "agent",
      external: OF_ITS_OWN,
      namespace: OF_ITS_OWN,
      hostInterface: "eth1",
      joins: library.MulticastGroup.of("239.1.1.2", { port: 5004 }),
      expect: "silent",
      unicast: "heard",
    },
    (stack, receiver) => check(stack, testNetwork(stack), { receivers: [receiver, { name: "z", node: "agent" }] }),
  ),
  judged<library.MulticastGroupProps>("MulticastGroupProps", { port: 5004 }, { port: 5005, ttl: 2 }, (stack, value) =>
    check(stack, testNetwork(stack), { group: library.MulticastGroup.of("239.1.1.1", value) }),
  ),
  judged<library.SocatCheckProps>(
    "SocatCheckProps",
    { image },
    {
      network: OF_ITS_OWN,
      image: "lab.local/probe:2",
      group,
      checkName: "other",
      senderNode: "agent",
      listenerNode: "server",
      deadlineSeconds: 31,
      tolerations,
    },
    (stack, value) => new library.SocatCheck(stack, "Check", { ...value, network: testNetwork(stack) }),
  ),
  judged<library.NetworkStatusCheckProps>(
    "NetworkStatusCheckProps",
    {},
    { namespace: OF_ITS_OWN, pods: OF_ITS_OWN, checkName: "other", image: "lab.local/probe:2", tolerations },
    (stack, value) => {
      const { namespace } = testNetwork(stack);
      const attachments = [library.Attachment.of(stack.node.findChild("Plane") as library.MacvlanNetwork)];
      const pods = [new library.VerificationPod(stack, "Pod", { namespace, command: ["node"], image, attachments })];
      new library.NetworkStatusCheck(stack, "Check", { image, ...value, namespace, pods });
    },
  ),
  judged<library.DenyAllPolicyProps>(
    "DenyAllPolicyProps",
    {},
    { namespace: OF_ITS_OWN, policyName: "other" },
    (stack, { policyName }) => checkOnDefault(stack, {}, { policyName }),
  ),
  judged<library.VerificationPodProps>(
    "VerificationPodProps",
    { command: ["node"], image },
    {
      namespace: OF_ITS_OWN,
      command: ["sleep"],
      attachments: OF_ITS_OWN,
      podName: "other",
      hostname: "other",
      node: "agent",
      hostNetwork: new NotJudged("not with attachments, which a status check wants"),
      image: "lab.local/probe:2",
      env: { A: "b" },
      labels: { app: "verify" },
      configMapName: "files",
      tolerations,
      keySecret: "other",
      dependsOn: OF_ITS_OWN,
    },
    (stack, value) => {
      const network = testNetwork(stack);
      const { namespace } = network;
      const attachments = [library.Attachment.of(network)];
      const pods = [new library.VerificationPod(stack, "Pod", { ...value, namespace, attachments })];
      new library.NetworkStatusCheck(stack, "Check", { namespace, pods, image });
    },
  ),
];

const member = { name: "a", node: "server", sends: true };
const services = (stack: TerraformStack, props: Partial<library.ServiceCheckProps>) => {
  const { namespace } = surroundings(stack);
  new library.ServiceCheck(stack, "Check", { namespace, group, image, members: [member, { name: "b" }], ...props });
};

const serviceCases: readonly JudgedCase[] = [
  judged<library.ServiceCheckProps>(
    "ServiceCheckProps",
    {},
    {
      namespace: OF_ITS_OWN,
      members: [member, { name: "c" }],
      group: library.MulticastGroup.of("239.1.1.9", { port: 5004 }),
      servicePort: 8081,
      checkName: "other",
      image: "lab.local/probe:2",
      windowSeconds: 4,
      deadlineSeconds: 60,
      tolerations,
    },
    services,
  ),
  judged<library.ServiceMember>(
    "ServiceMember",
    member,
    {
      name: "c",
      node: "agent",
      workload: "deployment",
      sends: false,
      hears: ["b"],
      way: library.MulticastWay.hostNetwork(),
    },
    (stack, value) => services(stack, { members: [value, { name: "b", sends: true }] }),
  ),
];

const outsideCases: readonly JudgedCase[] = [
  judged<library.ExternalEndpointProps>(
    "ExternalEndpointProps",
    {},
    {
      host: host("192.0.2.10", { nodeName: "simulator" }),
      interfaceName: "eth2",
      addresses: ["10.20.0.8/24"],
      firstPort: 40000,
      nodePath: "/usr/bin/node",
    },
    endpointCheck,
  ),
  judged<library.SshHostOptions>(
    "SshHostOptions",
    { user: "root", privateKeyPath: "/key", hostKey: HOST_KEY, nodeName: "server" },
    {
      user: WAY_THERE,
      port: 2222,
      privateKeyPath: WAY_THERE,
      hostKey: HOST_KEY.replace("Kjb", "Kjc"),
      nodeName: "other",
      managementInterface: "eth7",
      nodeIps: ["192.0.2.12"],
      nodeLabels: { "example.com/rack": "b" },
      nodeTaints: [{ key: "example.com/media", value: "yes", effect: "PreferNoSchedule" }],
    },
    (stack, value) =>
      checkOnCluster(
        stack,
        new library.K3sCluster(stack, "Cluster", { servers: [library.SshHost.of("192.0.2.11", value)] }),
      ),
  ),
];

export const checkCases = [...checks, ...serviceCases, ...outsideCases];
