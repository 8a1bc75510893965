import { Ipam } from "../../../constructs/network/ipam";
import { Attachment, NETWORKS_ANNOTATION } from "../../../constructs/network/attachment";
import { NetworkAttachmentDefinition } from "../../../constructs/network/network-attachment-definition";
import { MulticastWay } from "../../../constructs/workload/multicast-way";
import { faultsOf } from "../../helpers/faults";
import { makers, Scene } from "./workloads";
import { nodeOfSpec } from "../../helpers/placement";

const deployment = "kubernetes_deployment_v1";
const stolen = {
  ipam: Ipam.hostLocal({ subnet: "10.20.0.0/24", routes: [{ dst: "0.0.0.0/0" }] }),
  takesDefaultRoute: true,
};

test.each(["attached", "hybrid"] as const)("%s attaches the pods", (way) => {
  const scene = new Scene();
  const workload = makers[deployment](scene.stack);
  expect(MulticastWay[way]([Attachment.of(scene.network)], { node: "agent" }).applyTo(workload)).toBe(workload);
  const { annotations, spec } = scene.synthesised(deployment);
  expect(annotations).toHaveProperty([NETWORKS_ANNOTATION]);
  expect(nodeOfSpec(spec)).toBe("agent");
});

test("hostNetwork puts the pods on the node and leaves them the cluster's DNS", () => {
  const scene = new Scene();
  MulticastWay.hostNetwork().applyTo(makers[deployment](scene.stack));
  const { annotations, spec } = scene.synthesised(deployment);
  expect(spec).toMatchObject({ host_network: true, dns_policy: "ClusterFirstWithHostNet" });
  expect(annotations).toEqual({});
});

test("attached may take the default route; a definition that nothing is known of is believed", () => {
  const scene = new Scene(stolen);
  expect(
    faultsOf(() => MulticastWay.attached([Attachment.of(scene.network)]).applyTo(makers[deployment](scene.stack))),
  ).toEqual([]);
  const { namespace } = scene.around;
  const other = NetworkAttachmentDefinition.fromNetworkName(scene.stack, "Other", { namespace, networkName: "other" });
  expect(
    faultsOf(() => MulticastWay.hybrid([Attachment.of(other)]).applyTo(makers.kubernetes_pod_v1(new Scene().stack))),
  ).toEqual([]);
});

test.each<
  ["attached" | "hybrid", string, ConstructorParameters<typeof Scene>[0], Parameters<typeof Attachment.of>[1], string]
>([
  [
    "attached",
    "no network routes multicast",
    { multicastRoute: false },
    {},
    "attachments must hold a network with a route",
  ],
  [
    "hybrid",
    "no network routes multicast",
    { multicastRoute: false },
    {},
    "attachments must hold a network with a route",
  ],
  ["hybrid", "the network takes the default route", stolen, {}, "attachments[0].network must leave the default route"],
  ["hybrid", "the attachment takes it", {}, { defaultRoute: ["10.20.0.1"] }, "attachments[0].defaultRoute must leave"],
])("%s fails if %s", (way, _title, network, props, expected) => {
  const scene = new Scene(network);
  const apply = () => MulticastWay[way]([Attachment.of(scene.network, props)]).applyTo(makers[deployment](scene.stack));
  expect(faultsOf(apply).join("\n")).toContain(expected);
});

test("fails if a workload goes two ways", () => {
  const scene = new Scene();
  const workload = MulticastWay.hostNetwork().applyTo(makers[deployment](scene.stack));
  const attached = MulticastWay.attached([Attachment.of(scene.network)]);
  expect(faultsOf(() => attached.applyTo(workload))[0]).toContain("workload must be attached once");
  const other = attached.applyTo(makers.kubernetes_pod_v1(new Scene().stack));
  expect(faultsOf(() => MulticastWay.hostNetwork().applyTo(other))[0]).toContain("workload must have no other way");
});
