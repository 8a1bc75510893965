import { Testing, type TerraformStack } from "../../constructs/private/terraform";
import { LabStack } from "../../stacks/lab-stack";
import { K3sMedia } from "../../stacks/k3s-media";
import { MultusQuickstart } from "../../stacks/multus-quickstart";
import { OfflinePlanes } from "../../stacks/offline-planes";
import { faultsOf } from "../helpers/faults";
import { newStack, synthStack, type Block } from "../helpers/synth";
import { TestCluster } from "../helpers/test-cluster";
import type { Distribution } from "../../constructs/cluster/cluster";

const range = { subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", rangeEnd: "10.20.0.99" };
const other = { subnet: "10.21.0.0/24", rangeStart: "10.21.0.50", rangeEnd: "10.21.0.99" };
const planes = [
  { networkName: "a", master: "eth1", range },
  { networkName: "b", master: "eth2", range: other },
] as const;

interface Choice {
  readonly usesExistingMultus?: boolean;
  readonly multusImage?: string;
}

type Build = (cluster: TestCluster, choice: Choice) => TerraformStack;

const common = { statePath: "/srv/lab/lab.tfstate", master: "eth1", range, probeImage: "lab.local/probe:1" };
const { statePath, probeImage } = common;
const stacks: Readonly<Record<string, Build>> = {
  LabStack: (cluster, choice) => new LabStack(Testing.app(), "lab", { cluster, ...common, ...choice }),
  K3sMedia: (cluster, choice) => new K3sMedia(Testing.app(), "lab", { cluster, ...common, ...choice }),
  MultusQuickstart: (cluster, choice) => new MultusQuickstart(Testing.app(), "lab", { cluster, ...common, ...choice }),
  OfflinePlanes: (cluster, choice) =>
    new OfflinePlanes(Testing.app(), "lab", { cluster, statePath, planes, probeImage, ...choice }),
};

function cluster(distribution?: Distribution): TestCluster {
  return new TestCluster(newStack("cluster"), "Cluster", distribution);
}

describe.each(Object.entries(stacks))("%s", (_name, build) => {
  test("takes the Multus that another lab has installed: its networks are there, and nothing of Multus is made", () => {
    const synthesised = synthStack(build(cluster(), { usesExistingMultus: true }));
    expect(synthesised.all("kubernetes_daemon_set_v1")).toEqual([]);
    expect(synthesised.objects("CustomResourceDefinition")).toEqual([]);
    expect(synthesised.objects("NetworkAttachmentDefinition")).not.toEqual([]);
  });

  test("takes OpenShift's own Multus without being told", () => {
    expect(synthStack(build(cluster("openshift"), {})).all("kubernetes_daemon_set_v1")).toEqual([]);
  });

  test("installs one with that image elsewhere", () => {
    const synthesised = synthStack(build(cluster(), { multusImage: "lab.local/multus:7" }));
    expect(JSON.stringify(synthesised.only("kubernetes_daemon_set_v1"))).toContain("lab.local/multus:7");
  });

  test("fails if an image is given for a Multus that exists", () => {
    const faults = faultsOf(() => build(cluster(), { usesExistingMultus: true, multusImage: "lab.local/multus:7" }));
    expect(faults).toEqual([expect.stringMatching(/^\[lab\] multusImage must be left out/)]);
  });
});

test("fails if offline planes would fetch the default image", () => {
  const faults = faultsOf(() => stacks.OfflinePlanes!(cluster(), {}));
  expect(faults).toEqual([expect.stringMatching(/^\[lab\] multusImage must be given/)]);
});

test("two labs on one cluster make no object of one name", () => {
  const [first, second] = [
    synthStack(new LabStack(Testing.app(), "one", { cluster: cluster(), ...common })),
    synthStack(
      new LabStack(Testing.app(), "two", {
        cluster: cluster(),
        ...common,
        master: "eth2",
        range: other,
        namespaceName: "second",
        usesExistingMultus: true,
      }),
    ),
  ];
  const objects = [first, second].map(({ json }) =>
    // A terraform_data is no object of the cluster.
    Object.entries({ ...json.resource, terraform_data: {} as Record<string, Block> }).flatMap(([type, blocks]) =>
      Object.values(blocks).map((block) => {
        const [metadata] = [block.metadata ?? block].flat() as { name: string; namespace?: string }[];
        return `${type} ${metadata?.namespace ?? ""}/${metadata?.name}`;
      }),
    ),
  );
  expect(objects[0]).toContain("kubernetes_namespace_v1 /media");
  expect(objects[0]?.filter((each) => objects[1]?.includes(each))).toEqual([]);
});
