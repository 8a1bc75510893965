import type { CniConfig } from "../../../constructs/network/cni-config";
import type { NetworkAttachmentDefinitionAttributes } from "../../../constructs/network/existing-network";
import { Ipam } from "../../../constructs/network/ipam";
import { MacvlanNetwork } from "../../../constructs/network/macvlan-network";
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
  expect(cni({ type: "bridge", bridge: "br1" })).toEqual({
    cniVersion: "1.0.0",
    name: "media.plane",
    type: "bridge",
    bridge: "br1",
  });
});

test("a chain is handed on, with the user's own version and name", () => {
  const chain = {
    cniVersion: "0.3.1",
    name: "own",
    plugins: [
      { type: "macvlan", master: "eth1" },
      { type: "tuning", allmulti: true },
    ],
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
    config: { type: "bridge", bridge: "br1" },
    subnets: ["10.20.0.0/24"],
    takesDefaultRoute: true,
  };
  const wire = new NetworkAttachmentDefinition(stack, "Plane", all);
  expect(wire).toMatchObject({ networkName: "wire", namespace, subnets: ["10.20.0.0/24"], ready: [wire.resource] });
  const [object] = synthStack(stack).objects("NetworkAttachmentDefinition");
  expect(object).toMatchObject({ apiVersion: "k8s.cni.cncf.io/v1", metadata: { name: "wire", namespace: "media" } });
});

test("an override reaches a plugin of a chain by its index", () => {
  const stack = newStack();
  const config = { plugins: [{ type: "macvlan", master: "eth1" }, { type: "tuning" }] };
  const wire = new NetworkAttachmentDefinition(stack, "Plane", { ...surroundings(stack), config });
  wire.addCniOverride("plugins.1.allmulti", true);
  expect(synthStack(stack).nad("plane").plugins).toEqual([
    { type: "macvlan", master: "eth1" },
    { type: "tuning", allmulti: true },
  ]);
  expect(config).toEqual({ plugins: [{ type: "macvlan", master: "eth1" }, { type: "tuning" }] });
});

test("an existing definition is named and not touched", () => {
  const stack = newStack();
  const { namespace } = surroundings(stack);
  const wire = NetworkAttachmentDefinition.fromNetworkName(stack, "Wire", {
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
    new NetworkAttachmentDefinition(stack, `Plane${end}`, {
      ...around,
      networkName,
      config: { type: "bridge", bridge: "br1" },
    });
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
  const props = { multus, networkName: "wire", config: { type: "bridge", bridge: "br1" } };
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

test("subnets and routes are read from the fields of host-local and whereabouts", () => {
  const stack = newStack();
  const ranges = [[{ subnet: "10.20.0.0/24", rangeEnd: "10.20.0.9" }], [{ subnet: "fd00:20::/64" }]];
  const own = { type: "host-local", ranges, routes: [{ dst: "::/0" }] };
  const around = surroundings(stack);
  const config = { type: "macvlan", master: "eth1", ipam: own };
  const made = new NetworkAttachmentDefinition(stack, "Own", { ...around, config, takesDefaultRoute: true });
  expect(made).toMatchObject({ subnets: ["10.20.0.0/24", "fd00:20::/64"], takesDefaultRoute: true });
  const ipam = { type: "whereabouts", range: "10.21.0.0/24", ipRanges: [{ range: "fd00:21::/64" }] };
  const other = { ...around, config: { type: "ipvlan", master: "eth2", ipam } };
  const wire = new NetworkAttachmentDefinition(stack, "Other", other);
  expect(wire).toMatchObject({ subnets: ["10.21.0.0/24", "fd00:21::/64"], takesDefaultRoute: false });
});

test("fails if a configuration gives out addresses of another network on one interface", () => {
  const stack = newStack();
  const around = surroundings(stack);
  const ipam = Ipam.hostLocal({ subnet: "10.20.0.0/24", rangeEnd: "10.20.0.99" });
  new MacvlanNetwork(stack, "Plane", { ...around, master: "eth1", ipam });
  const build = (id: string, rangeStart: string) => () => {
    const config = {
      type: "macvlan",
      master: "eth1",
      ipam: { type: "host-local", subnet: "10.20.0.0/24", rangeStart },
    };
    return new NetworkAttachmentDefinition(stack, id, { ...around, config });
  };
  expect(faultsOf(build("Near", "10.20.0.99"))[0]).toContain(
    "config.ipam must not overlap 10.20.0.1 to 10.20.0.99 of lab/Plane on the same master",
  );
  expect(faultsOf(build("Far", "10.20.0.100"))).toEqual([]);
});

test("an existing definition with ranges is a network that checks can use", () => {
  const stack = newStack();
  const { namespace } = surroundings(stack);
  const all: Required<NetworkAttachmentDefinitionAttributes> = {
    namespace,
    networkName: "wire",
    subnets: ["10.20.0.0/24"],
    ranges: [{ subnet: "10.20.0.0/24", rangeEnd: "10.20.0.9" }],
    hasMulticastRoute: false,
    takesDefaultRoute: true,
    acceptsMac: false,
    attachmentIps: "required",
  };
  const { ranges, ...kept } = all;
  const wire = NetworkAttachmentDefinition.fromNetworkName(stack, "Wire", all);
  expect(wire).toMatchObject(kept);
  expect([wire.nextAddresses(), wire.nextAddresses()]).toEqual([["10.20.0.9/24"], ["10.20.0.8/24"]]);
  const bare = NetworkAttachmentDefinition.fromNetworkName(stack, "Bare", { namespace, networkName: "wire", ranges });
  expect(bare).toMatchObject({ subnets: ["10.20.0.0/24"], hasMulticastRoute: true, takesDefaultRoute: undefined });
});

test("fails if an existing definition's name or subnets are none", () => {
  const stack = newStack();
  const { namespace } = surroundings(stack);
  const build = () =>
    NetworkAttachmentDefinition.fromNetworkName(stack, "Wire", { namespace, networkName: "A", subnets: ["x"] });
  expect(faultsOf(build)).toHaveLength(2);
});

test.each<[string, unknown, string]>([
  ["there is no plugin", { plugins: [] }, "config.plugins must name at least one plugin"],
  ["a plugin has no type", { plugins: [{}] }, "config.plugins[0].type must be given"],
  ["a plugin leaves its directory", { type: "../sh" }, "config.type must be the name of a CNI plugin"],
  ["the version is unknown", { type: "bridge", cniVersion: "2" }, "config.cniVersion must be a version"],
  [
    "the name leaves host-local's directory",
    { type: "bridge", name: "../x" },
    "config.name must be a CNI network name",
  ],
  ["macvlan looks for a master itself", { type: "macvlan" }, "config.master must be named"],
  ["the master carries the cluster", { type: "ipvlan", master: "eth0.7" }, "config.master must not be an interface"],
  ["the bridge is flannel's", { type: "bridge" }, "config.bridge must not be an interface"],
  ["the device carries the cluster", { type: "host-device", device: "eth0" }, "config.device must not be an interface"],
  [
    "a plugin of a chain takes the default route",
    { plugins: [{ type: "x", ipam: { type: "y", routes: [{ dst: "0.0.0.0/0" }] } }] },
    "config.plugins[0].ipam.routes[0].dst must not be a default route",
  ],
  [
    "the subnet is the pods' own",
    { type: "x", ipam: { type: "host-local", subnet: "10.42.7.0/24" } },
    "config.ipam must not overlap the cluster's pod network",
  ],
  ["a value is a function", { type: "bridge", a: { b: [() => 1] } }, "config.a.b.0 must be plain JSON"],
  ["a value is not a number", { type: "bridge", mtu: Number.NaN }, "config.mtu must be plain JSON"],
])("fails if %s", (_title, config, expected) => {
  expect(faultsOf(() => cni(config as CniConfig)).join()).toContain(expected);
});
