import { image, sample, type Sample } from "./sample";
import * as library from "../../constructs";
import { App, type TerraformStack } from "../../constructs/private/terraform";
import * as stacks from "../../stacks";
import { host } from "../constructs/cluster/hosts";
import { TestCluster } from "../helpers/test-cluster";

const statePath = "/srv/lab/lab.tfstate";
const range = { subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", rangeEnd: "10.20.0.99" };
const common = { statePath, master: "eth1", range, probeImage: image, multusImage: image };

type StackClass<T> = new (scope: App, id: string, props: T) => TerraformStack;

function stack<T extends object>(
  type: string,
  Stack: StackClass<never>,
  value: T,
  distribution?: library.Distribution,
) {
  return sample(type, value, (other, props) => {
    const cluster = new TestCluster(other, "Cluster", distribution);
    return new Stack(other.node.root as App, "stack", { cluster, ...props } as never);
  });
}

const openshift = {
  statePath,
  namespaceName: "verify",
  probeImage: image,
  group: { address: "224.1.0.1", port: 30102 },
};
const proxy = {
  httpProxy: "http://proxy.example.com:3128",
  httpsProxy: "http://p.example.com:3128",
  noProxy: ["a.example.com"],
};

export const stackSamples: readonly Sample[] = [
  stack("ClusterStackProps", stacks.ClusterStack, { statePath, servers: [host("192.0.2.11")] }),
  sample(
    "LabStackProps",
    { ...common, namespaceName: "media", external: { dataInterface: "eth1", address: "10.20.0.9/24" } },
    (other, { external, ...props }) =>
      new stacks.LabStack(other.node.root as App, "stack", {
        cluster: new TestCluster(other),
        ...props,
        external: { ssh: host("192.0.2.9", { nodeName: "simulator" }), ...external },
      }),
  ),
  stack("K3sMediaProps", stacks.K3sMedia, {
    ...common,
    namespaceName: "media",
    way: "hybrid" as const,
    otherWays: ["attached" as const],
  }),
  stack("MultusQuickstartProps", stacks.MultusQuickstart, { ...common, namespaceName: "quickstart" }, "kubernetes"),
  stack("OfflinePlanesProps", stacks.OfflinePlanes, {
    statePath,
    namespaceName: "planes",
    probeImage: image,
    multusImage: image,
    planes: [
      { networkName: "a", master: "eth1", range },
      {
        networkName: "b",
        master: "eth2",
        range: { ...range, subnet: "10.21.0.0/24", rangeStart: "10.21.0.50", rangeEnd: "10.21.0.99" },
      },
    ],
  }),
  stack("OpenShiftMulticastProps", stacks.OpenShiftMulticast, openshift, "openshift"),
  stack("OpenShiftDedicatedProps", stacks.OpenShiftDedicated, { ...openshift, proxy }, "openshift"),
];
