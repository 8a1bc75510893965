import { attached, image, pod, sample, subnet, testPlane, type Sample } from "./sample";
import * as library from "../../constructs";
import type { TerraformStack } from "../../constructs/private/terraform";
import { surroundings, TestCluster } from "../helpers/test-cluster";

const range = { subnet, rangeStart: "10.20.0.10", rangeEnd: "10.20.0.99", gateway: "10.20.0.1" };
const routes = [{ dst: "10.9.0.0/16", gw: "10.20.0.2" }];
function network<T>(Network: new (stack: TerraformStack, id: string, props: never) => T) {
  return (stack: TerraformStack, value: object) =>
    new Network(stack, "Plane", { ...surroundings(stack), ...value } as never);
}

const macvlan = network(library.MacvlanNetwork);
const withIpam = (ipam: library.Ipam) => ({ master: "eth1", ipam });

export const networkSamples: readonly Sample[] = [
  sample(
    "MacvlanNetworkProps",
    {
      networkName: "plane",
      master: "eth1",
      mode: library.MacvlanMode.BRIDGE,
      ipam: library.Ipam.none(),
      tuning: { mac: "02:00:00:00:00:01", sysctls: { "net.ipv4.conf.IFNAME.rp_filter": "0" } },
    },
    macvlan,
  ),
  sample("MacvlanNetworkProps", { master: [{ master: "eth1", nodes: ["agent"] }], ipam: library.Ipam.none() }, macvlan),
  sample(
    "IpvlanNetworkProps",
    { master: "eth1", mode: library.IpvlanMode.L2, ipam: library.Ipam.static() },
    network(library.IpvlanNetwork),
  ),
  sample("BridgeNetworkProps", { bridge: "br1", ipam: library.Ipam.none() }, network(library.BridgeNetwork)),
  sample("HostLocalIpamProps", { ...range, routes }, (stack, value) =>
    macvlan(stack, withIpam(library.Ipam.hostLocal(value))),
  ),
  sample("StaticIpamProps", { addresses: ["10.20.0.9/24"] }, (stack, value) =>
    macvlan(stack, withIpam(library.Ipam.static(value))),
  ),
  sample("CustomIpamProps", { subnets: [subnet] }, (stack, value) =>
    macvlan(stack, withIpam(library.Ipam.custom({ type: "x" }, value))),
  ),
  sample(
    "WhereaboutsIpamProps",
    { subnet, gateway: "10.20.0.1", exclude: ["10.20.0.96/30"], configurationPath: "/etc/x.conf" },
    (stack, value) => macvlan(stack, withIpam(library.Ipam.whereabouts(value))),
  ),
  sample(
    "NetworkAttachmentDefinitionProps",
    { networkName: "plane", subnets: [subnet], config: { type: "bridge", bridge: "br1" } },
    network(library.NetworkAttachmentDefinition),
  ),
  sample(
    "NetworkAttachmentDefinitionAttributes",
    { networkName: "plane", subnets: [subnet], attachmentIps: "optional" as const },
    (stack, value) => {
      const { namespace } = surroundings(stack);
      const existing = library.NetworkAttachmentDefinition.fromNetworkName(stack, "Plane", { namespace, ...value });
      return attached(stack, existing, {});
    },
  ),
  sample(
    "AttachmentProps",
    { ips: ["10.20.0.9/24"], mac: "02:00:00:00:00:01", interfaceName: "data0", defaultRoute: ["10.20.0.1"] },
    (stack, value) => attached(stack, testPlane(stack), value),
  ),
  sample("AttachedNetwork.addCniOverride(path)", "x.y", (stack, path) => testPlane(stack).addCniOverride(path, "x")),
  sample("NetworkAttachmentDefinition.addCniOverride(path)", "x.y", (stack, path) =>
    testPlane(stack).definitions[0]!.addCniOverride(path, "x"),
  ),
  sample("AttachOptions", { node: "agent" }, (stack, value) =>
    library.attach(pod(stack), [library.Attachment.of(testPlane(stack))], value),
  ),
];

const metadata = { labels: { team: "video" }, annotations: { note: "text" }, podSecurity: "baseline" as const };
export const namespaceSamples: readonly Sample[] = [
  sample(
    "MulticastNamespaceProps",
    { namespaceName: "media", multicastSwitch: "none" as const, ...metadata },
    (stack, value) =>
      new library.MulticastNamespace(stack, "Media", { cluster: surroundings(stack).cluster, ...value }),
  ),
  sample(
    "AdoptedNamespaceProps",
    { namespaceName: "media", multicastSwitch: "none" as const, ...metadata },
    (stack, value) => new library.AdoptedNamespace(stack, "Media", { cluster: surroundings(stack).cluster, ...value }),
  ),
  sample("MulticastNamespaceAttributes", { namespaceName: "media" }, (stack, value) => {
    const { cluster, multus } = surroundings(stack);
    const namespace = library.MulticastNamespace.fromNamespaceName(stack, "Media", { cluster, ...value });
    const ipam = library.Ipam.none();
    return new library.MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1", ipam });
  }),
  sample(
    "MultusProps",
    {
      image,
      namespaceName: "multus",
      globalNamespaces: ["default"],
      defaultNetworkCniVersion: "1.0.0",
      logLevel: "error" as const,
      resources: { cpuRequest: "10m", memoryRequest: "32Mi", memoryLimit: "64Mi" },
    },
    (stack, value) => new library.Multus(stack, "Multus", { cluster: new TestCluster(stack), ...value }),
  ),
];
