import type { CniConfig } from "../../../constructs/network/cni-config";
import {
  NetworkAttachmentDefinition,
  type NetworkAttachmentDefinitionProps,
} from "../../../constructs/network/network-attachment-definition";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";
import { surroundings, TestNamespace } from "../../helpers/test-cluster";

function cni(config: CniConfig) {
  const stack = newStack();
  new NetworkAttachmentDefinition(stack, "Plane", { ...surroundings(stack), config });
  return synthStack(stack).nad("plane");
}

test("a single plugin gets a version and a name that is unique on the node", () => {
  expect(cni({ type: "bridge" })).toEqual({ cniVersion: "1.0.0", name: "media.plane", type: "bridge" });
});

test("a chain is handed on, with the user's own version and name", () => {
  const chain = {
    cniVersion: "0.3.1",
    name: "own",
    plugins: [{ type: "macvlan" }, { type: "tuning", allmulti: true }],
  };
  expect(cni(chain)).toEqual(chain);
});

test("every prop is used", () => {
  const stack = newStack();
  const { multus, namespace } = surroundings(stack);
  const all: Required<NetworkAttachmentDefinitionProps> = {
    multus,
    namespace,
    networkName: "wire",
    config: { type: "bridge" },
    subnets: ["10.20.0.0/24"],
  };
  const wire = new NetworkAttachmentDefinition(stack, "Plane", all);
  expect(wire).toMatchObject({ networkName: "wire", namespace, subnets: ["10.20.0.0/24"], ready: [wire.resource] });
  const [object] = synthStack(stack).objects("NetworkAttachmentDefinition");
  expect(object).toMatchObject({ apiVersion: "k8s.cni.cncf.io/v1", metadata: { name: "wire", namespace: "media" } });
});

test("an override reaches a plugin of a chain by its index", () => {
  const stack = newStack();
  const config = { plugins: [{ type: "macvlan" }, { type: "tuning" }] };
  const wire = new NetworkAttachmentDefinition(stack, "Plane", { ...surroundings(stack), config });
  wire.addCniOverride("plugins.1.allmulti", true);
  expect(synthStack(stack).nad("plane").plugins).toEqual([{ type: "macvlan" }, { type: "tuning", allmulti: true }]);
  expect(config).toEqual({ plugins: [{ type: "macvlan" }, { type: "tuning" }] });
});

test("an existing definition is named and not touched", () => {
  const stack = newStack();
  const { namespace } = surroundings(stack);
  const wire = NetworkAttachmentDefinition.fromName(stack, "Wire", {
    namespace,
    networkName: "wire",
    subnets: ["10.1.0.0/16"],
  });
  expect(wire).toMatchObject({ networkName: "wire", subnets: ["10.1.0.0/16"], ready: [] });
  expect(synthStack(stack).json.resource).toBeUndefined();
});

test("a release name stays inside Helm's 53 characters, and differs where the names differ", () => {
  const stack = newStack();
  const around = surroundings(stack);
  for (const end of ["a", "b"]) {
    const networkName = `${"x".repeat(62)}${end}`;
    new NetworkAttachmentDefinition(stack, `Plane${end}`, { ...around, networkName, config: { type: "bridge" } });
  }
  const names = synthStack(stack)
    .all("helm_release")
    .map(({ name }) => name as string);
  expect(new Set(names).size).toBe(2);
  expect(names.every((name) => name.length <= 53)).toBe(true);
});

test("fails if two definitions of a namespace have one name; another namespace may have it too", () => {
  const stack = newStack();
  const { multus, namespace, cluster } = surroundings(stack);
  const props = { multus, networkName: "wire", config: { type: "bridge" } };
  new NetworkAttachmentDefinition(stack, "First", { ...props, namespace });
  const again = () => new NetworkAttachmentDefinition(stack, "Second", { ...props, namespace });
  expect(faultsOf(again)).toEqual([
    '[lab/Second] networkName must be used once in a namespace, got "media/wire"; use another name',
  ]);
  const elsewhere = new TestNamespace(stack, cluster, "other");
  expect(faultsOf(() => new NetworkAttachmentDefinition(stack, "Third", { ...props, namespace: elsewhere }))).toEqual(
    [],
  );
});

test("fails if an existing definition's name or subnets are none", () => {
  const stack = newStack();
  const { namespace } = surroundings(stack);
  const build = () =>
    NetworkAttachmentDefinition.fromName(stack, "Wire", { namespace, networkName: "A", subnets: ["x"] });
  expect(faultsOf(build)).toHaveLength(2);
});

test.each<[string, unknown, string]>([
  ["there is no plugin", { plugins: [] }, "config.plugins must name at least one plugin"],
  ["a plugin has no type", { plugins: [{}] }, "config.plugins[0].type must be the name of a CNI plugin"],
  ["a plugin leaves its directory", { type: "../sh" }, "config.type must be the name of a CNI plugin"],
  ["the version is unknown", { type: "bridge", cniVersion: "2" }, "config.cniVersion must be a version"],
  [
    "the name leaves host-local's directory",
    { type: "bridge", name: "../x" },
    "config.name must be a CNI network name",
  ],
  ["a value is a function", { type: "bridge", a: { b: [() => 1] } }, "config.a.b.0 must be plain JSON"],
  ["a value is not a number", { type: "bridge", mtu: Number.NaN }, "config.mtu must be plain JSON"],
])("fails if %s", (_title, config, expected) => {
  expect(faultsOf(() => cni(config as CniConfig)).join()).toContain(expected);
});
