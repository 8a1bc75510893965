import { MulticastNamespace } from "../../../constructs/namespace/multicast-namespace";
import { Ipam } from "../../../constructs/network/ipam";
import { MacvlanNetwork } from "../../../constructs/network/macvlan-network";
import { NetworkAttachmentDefinition } from "../../../constructs/network/network-attachment-definition";
import { NetworkOperator } from "../../../constructs/openshift/network-operator";
import { faultsOf } from "../../helpers/faults";
import { newStack, stored, synthStack, type Block } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";

function surroundings() {
  const stack = newStack();
  const cluster = new TestCluster(stack, "Cluster", "openshift");
  const multus = new NetworkOperator(stack, "Operator", { cluster });
  const namespace = new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" });
  return { stack, cluster, multus, namespace };
}

interface Entry {
  readonly name: string;
  readonly rawCNIConfig: string;
}

function steps(stack: ReturnType<typeof newStack>) {
  const all = synthStack(stack).all("terraform_data") as (Block & { input: Record<string, string> })[];
  const manifests = all.flatMap(({ input }) => (input.LAB_MANIFEST ? [stored(input.LAB_MANIFEST)] : []));
  const entries = manifests.flatMap(
    (text) => (JSON.parse(text) as { spec: { additionalNetworks: Entry[] } }).spec.additionalNetworks,
  );
  return { all, entries, waits: all.filter(({ input }) => "LAB_CONFIG" in input) };
}

test("any network is made by the operator, from an entry of its own", () => {
  const { stack, multus, namespace } = surroundings();
  const network = new MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam: Ipam.static() });
  network.addCniOverride("later", "it's ${so} ünïcode");
  const { all, entries, waits } = steps(stack);
  expect(synthStack(stack).all("helm_release")).toEqual([]);
  expect(entries).toMatchObject([{ name: "plane", namespace: "media", type: "Raw" }]);
  expect(JSON.parse(entries[0]!.rawCNIConfig)).toMatchObject({
    type: "macvlan",
    master: "eth1",
    name: "media.plane",
    later: "it's ${so} ünïcode",
  });
  // The operator's template quotes the text by single quotes.
  expect(entries[0]!.rawCNIConfig).not.toContain("'");
  expect(waits.map(({ input }) => stored(input.LAB_CONFIG!))).toEqual([entries[0]!.rawCNIConfig]);
  expect(network.ready).toHaveLength(1);
  expect(all).toHaveLength(3);
});

test("two networks are two entries, each with a field manager of its own", () => {
  const { stack, multus, namespace } = surroundings();
  for (const id of ["Video", "Control"])
    new NetworkAttachmentDefinition(stack, id, { multus, namespace, config: { type: "x" } });
  const { all, entries } = steps(stack);
  expect(entries.map(({ name }) => name)).toEqual(["control", "video"]);
  expect(new Set(all.flatMap(({ input }) => input.LAB_MANAGER ?? [])).size).toBe(2);
});

test("fails if two namespaces have a network of one name: the operator's list has names alone", () => {
  const { stack, cluster, multus, namespace } = surroundings();
  const other = new MulticastNamespace(stack, "Other", { cluster, namespaceName: "other" });
  const define = (id: string, namespaceOf: typeof other) =>
    new NetworkAttachmentDefinition(stack, id, {
      multus,
      namespace: namespaceOf,
      networkName: "plane",
      config: { type: "x" },
    });
  define("A", namespace);
  expect(faultsOf(() => define("B", other)).join()).toContain("networkName must be used once in the operator's list");
});

test("fails if the cluster is no OpenShift", () => {
  const stack = newStack();
  const cluster = new TestCluster(stack);
  expect(faultsOf(() => new NetworkOperator(stack, "Operator", { cluster })).join()).toContain("must be an OpenShift");
});
