import { findDrift, putRight } from "../../../cli/kubernetes/drift";
import type { LiveObject, Manifest } from "../../../cli/kubernetes/objects";
import type { DeclaredLab } from "../../../cli/terraform/declared";
import { FakeCluster } from "./fake-cluster";

const NETWORKS = "k8s.v1.cni.cncf.io/networks";
const config = '{"type":"macvlan","master":"eth1"}';
const plane: Manifest = {
  apiVersion: "k8s.cni.cncf.io/v1",
  kind: "NetworkAttachmentDefinition",
  metadata: { name: "plane", namespace: "media" },
  spec: { config },
};
const crd: Manifest = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "network-attachment-definitions.k8s.cni.cncf.io" },
  spec: { group: "k8s.cni.cncf.io", names: { shortNames: ["nad"] } },
};
const directory = "/out/stacks/lab";
const sender = { directory, address: "kubernetes_pod_v1.Sender" };
const annotations = { [NETWORKS]: '[{"name":"plane"}]' };
const declared: DeclaredLab = {
  checks: [],
  pods: [{ ...sender, name: "sender", namespace: "media", annotations }],
  releases: [
    {
      directory,
      address: "helm_release.Plane",
      name: "nad-plane",
      namespace: "media",
      objects: [plane],
      usedBy: [sender],
    },
    { directory, address: "helm_release.Crd", name: "crd", namespace: "multus", objects: [crd], usedBy: [sender] },
  ],
};

/** As Helm puts it in and the API server completes it. */
function asHelmDid(object: Manifest, release: string, namespace: string): Manifest {
  return {
    defaulted: true,
    ...object,
    metadata: {
      ...object.metadata,
      labels: { "app.kubernetes.io/managed-by": "Helm" },
      annotations: { "meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace },
    },
    status: { seen: true },
  };
}

function deployed(): { cluster: FakeCluster; nad: LiveObject; definition: LiveObject; pod: LiveObject } {
  const cluster = new FakeCluster();
  cluster.releases.push("media/nad-plane", "multus/crd");
  const nad = cluster.add(asHelmDid(plane, "nad-plane", "media"));
  const definition = cluster.add(asHelmDid(crd, "crd", "multus"));
  const others = { "k8s.v1.cni.cncf.io/network-status": "[]", "k8s.ovn.org/pod-networks": "{}" };
  const metadata = { name: "sender", namespace: "media", annotations: { ...annotations, ...others } };
  const pod = cluster.add({ apiVersion: "v1", kind: "Pod", metadata, spec: {} });
  return { cluster, nad, definition, pod };
}

const textsIn = async (cluster: FakeCluster) => (await findDrift(cluster.kubectl, declared)).map(({ text }) => text);
const change = (object: object, changed: object): void => void Object.assign(object, changed);
const annotate = (object: LiveObject, changed: Record<string, string | undefined>): void =>
  change(object.metadata, { annotations: { ...object.metadata.annotations, ...changed } });

test("what was deployed is no drift: not what the API server filled in, nor what others annotated", async () => {
  const { cluster, nad } = deployed();
  annotate(nad, { "example.com/owner": "network team" });
  change(nad.metadata, { labels: { ...nad.metadata.labels, team: "network" } });
  expect(await textsIn(cluster)).toEqual([]);
  expect(cluster.calls.filter(({ args }) => args[0] === "replace" && !args.includes("--dry-run=server"))).toEqual([]);
});

const NAD = "NetworkAttachmentDefinition media/plane";

test.each<[string, (parts: ReturnType<typeof deployed>) => void, string]>([
  [
    "an emptied configuration",
    ({ nad }) => change(nad, { spec: { config: "" } }),
    `${NAD} is not as it was deployed: spec.config is empty instead of ${JSON.stringify(config)}`,
  ],
  [
    "one field of a configuration",
    ({ nad }) => change(nad, { spec: { config: config.replace("eth1", "eth9") } }),
    `${NAD} is not as it was deployed: spec.config.master is "eth9" instead of "eth1"`,
  ],
  [
    "an added field",
    ({ nad }) => change(nad, { spec: { config, more: 1 } }),
    `${NAD} is not as it was deployed: spec.more was added: 1`,
  ],
  [
    "an annotation that a network plugin reads",
    ({ nad }) => annotate(nad, { "k8s.v1.cni.cncf.io/resourceName": "x" }),
    `${NAD} is not as it was deployed: metadata.annotations["k8s.v1.cni.cncf.io/resourceName"] was added: "x"`,
  ],
  [
    "Helm's mark",
    ({ nad }) => annotate(nad, { "meta.helm.sh/release-name": "other" }),
    `${NAD} is not as it was deployed: metadata.annotations["meta.helm.sh/release-name"] is "other" instead of "nad-plane"`,
  ],
  ["a deleted object", ({ cluster, nad }) => cluster.remove(nad), `${NAD} is gone`],
  [
    "an object that is being deleted",
    ({ nad }) => change(nad.metadata, { deletionTimestamp: "2026-11-27T23:00:00Z" }),
    `${NAD} is being deleted`,
  ],
  [
    "a field of the definition of a kind",
    ({ definition }) => change(definition, { spec: { group: "k8s.cni.cncf.io", names: { shortNames: [] } } }),
    'CustomResourceDefinition network-attachment-definitions.k8s.cni.cncf.io is not as it was deployed: spec.names.shortNames[0] is gone, it was "nad"',
  ],
  [
    "a pod's networks",
    ({ pod }) => annotate(pod, { [NETWORKS]: "other" }),
    `Pod media/sender is not as it was deployed: metadata.annotations["${NETWORKS}"] is "other" instead of "[{\\"name\\":\\"plane\\"}]"`,
  ],
  [
    "a pod made by hand without networks",
    ({ pod }) => change(pod.metadata, { annotations: {} }),
    `Pod media/sender is not as it was deployed: metadata.annotations["${NETWORKS}"] is gone, it was "[{\\"name\\":\\"plane\\"}]"`,
  ],
  [
    "a pod that was evicted",
    ({ pod }) => change(pod, { status: { phase: "Failed", reason: "Evicted" } }),
    "Pod media/sender is not as it was deployed: it has ended (Evicted)",
  ],
  ["a pod that is gone", ({ cluster, pod }) => cluster.remove(pod), "Pod media/sender is gone"],
])("%s is named", async (_, broken, text) => {
  const parts = deployed();
  broken(parts);
  expect(await textsIn(parts.cluster)).toEqual([text]);
});

test("what Terraform's plan sees is told apart", async () => {
  const { cluster, pod, nad } = deployed();
  cluster.remove(pod);
  cluster.remove(nad);
  expect((await findDrift(cluster.kubectl, declared)).map(({ text, isPlanned }) => [text, isPlanned ?? false])).toEqual(
    [
      [`${NAD} is gone`, false],
      ["Pod media/sender is gone", true],
    ],
  );
});

test("without its record Terraform installs a release again, and nothing of it is put right before", async () => {
  const { cluster, nad } = deployed();
  cluster.releases.shift();
  cluster.remove(nad);
  expect((await findDrift(cluster.kubectl, declared)).map(({ text, isPlanned }) => [text, isPlanned])).toEqual([
    [`${NAD} is gone`, true],
  ]);
});

test("with the kind deleted, its objects are gone too", async () => {
  const { cluster, nad, definition } = deployed();
  cluster.remove(nad);
  cluster.remove(definition);
  cluster.unknown.push("NetworkAttachmentDefinition");
  expect(await textsIn(cluster)).toEqual([
    `${NAD} is gone`,
    expect.stringMatching(/^CustomResourceDefinition .* is gone$/),
  ]);
});

test("what is put right is as it was deployed, the kind first, and keeps what others annotated", async () => {
  const { cluster, nad, definition } = deployed();
  change(nad, { spec: { config: "" } });
  annotate(nad, { "example.com/owner": "network team", "k8s.v1.cni.cncf.io/resourceName": "x" });
  cluster.remove(definition);
  const drift = await findDrift(cluster.kubectl, declared);
  expect(drift.map(({ remake }) => remake)).toEqual([[sender], [sender]]);
  await putRight(cluster.kubectl, drift);
  expect(await textsIn(cluster)).toEqual([]);
  expect(cluster.find(plane)?.metadata.annotations).toMatchObject({ "example.com/owner": "network team" });
  const changes = cluster.calls.filter(
    ({ args }) => ["create", "wait"].includes(args[0]!) || args[2]?.startsWith("--field"),
  );
  expect(changes.map(({ args }) => args[0])).toEqual(["create", "wait", "replace"]);
});

test("a kind that the API server does not name at once is waited for", async () => {
  const { cluster, nad } = deployed();
  cluster.remove(nad);
  const drift = await findDrift(cluster.kubectl, declared);
  cluster.unknown.push("NetworkAttachmentDefinition");
  const done = putRight(cluster.kubectl, drift);
  cluster.unknown.pop();
  await done;
  expect(await textsIn(cluster)).toEqual([]);
});
