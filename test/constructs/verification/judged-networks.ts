import {
  checkIn,
  checkOnDefault,
  checkOnMacvlan,
  checkOnMultus,
  judged,
  NotJudged,
  OF_ITS_OWN,
  statusCheck,
  subnet,
  usualIpam,
  type Changes,
  type JudgedCase,
} from "./judged-cases";
import * as library from "../../../constructs";
import type { TerraformStack } from "../../../constructs/private/terraform";
import { surroundings, TestCluster } from "../../helpers/test-cluster";

const routes = [{ dst: "10.9.0.0/16", gw: "10.20.0.2" }];
const range = { subnet, rangeStart: "10.20.0.10", rangeEnd: "10.20.0.90", gateway: "10.20.0.1" };
const second = [{ subnet: "fd00:20::/64" }];
const onlyRule = new NotJudged("only a rule at synth; the routes that it allows are judged");
const onlyRoute = library.Ipam.hostLocal({ subnet, gateway: "10.20.0.1", routes: [{ dst: "0.0.0.0/0" }] });

const common: Changes<library.AttachedNetworkProps> = {
  multus: OF_ITS_OWN,
  namespace: OF_ITS_OWN,
  ipam: library.Ipam.hostLocal({ subnet, routes }),
  networkName: "other",
  mtu: 1400,
  multicastRoute: false,
  takesDefaultRoute: onlyRule,
  tuning: { allmulti: true },
};
const onMaster: Changes<library.MasterProps> = {
  master: "eth9",
  masterMtu: new NotJudged("only a rule at synth"),
  linkInContainer: true,
};
const usual = { master: "eth1", ipam: usualIpam, takesDefaultRoute: true };

/** A check of what Multus reports: not all of these carry multicast. */
function on<T extends Pick<library.AttachedNetworkProps, "multus" | "namespace">>(
  Network: new (stack: TerraformStack, id: string, props: T) => library.INetworkAttachmentDefinition,
) {
  return (stack: TerraformStack, props: T) => {
    const { multus, namespace } = surroundings(stack);
    statusCheck(stack, new Network(stack, "Plane", { ...props, multus, namespace }));
  };
}

const withIpam =
  <T>(make: (value: T) => library.Ipam) =>
  (stack: TerraformStack, value: T) => {
    const { multus, namespace } = surroundings(stack);
    const props = { multus, namespace, master: "eth1", ipam: make(value), takesDefaultRoute: true };
    statusCheck(stack, new library.MacvlanNetwork(stack, "Plane", props), { ips: undefined });
  };

const networks: readonly JudgedCase[] = [
  judged<library.MacvlanNetworkProps>(
    "MacvlanNetworkProps",
    usual,
    { ...common, ...onMaster, mode: library.MacvlanMode.PRIVATE, bcqueuelen: 2000 },
    checkOnMacvlan,
  ),
  judged<library.MacvlanNetworkProps>(
    "NodeGroup",
    { ...usual, master: [{ master: "eth1", nodes: ["server", "agent"] }] },
    {
      ...common,
      ...onMaster,
      linkInContainer: new NotJudged("is not for groups of nodes"),
      master: [
        { master: "eth1", nodes: ["server"] },
        { master: "eth9", nodes: ["agent"] },
      ],
      mode: library.MacvlanMode.VEPA,
      bcqueuelen: 3000,
    },
    checkOnMacvlan,
  ),
  judged<library.IpvlanNetworkProps>(
    "IpvlanNetworkProps",
    usual,
    { ...common, ...onMaster, mode: library.IpvlanMode.L3 },
    on(library.IpvlanNetwork),
  ),
  judged<library.BridgeNetworkProps>(
    "BridgeNetworkProps",
    { bridge: "lab0", ...usual },
    {
      ...common,
      bridge: "lab9",
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      promiscMode: true,
      vlan: 12,
      macspoofchk: true,
      portIsolation: true,
    },
    on(library.BridgeNetwork),
  ),
  judged<library.Tuning>(
    "Tuning",
    { promisc: false },
    {
      sysctls: { "net.ipv4.conf.IFNAME.rp_filter": "0" },
      allmulti: true,
      promisc: true,
      mac: "02:00:00:00:00:01",
      mtu: 1400,
      txQLen: 5000,
    },
    (stack, tuning) => checkOnMacvlan(stack, { tuning }),
  ),
  judged<library.NetworkAttachmentDefinitionProps>(
    "NetworkAttachmentDefinitionProps",
    { config: { type: "macvlan", master: "eth1" } },
    {
      multus: OF_ITS_OWN,
      namespace: OF_ITS_OWN,
      networkName: "other",
      config: { type: "macvlan", master: "eth9" },
      subnets: ["10.21.0.0/24"],
      takesDefaultRoute: onlyRule,
    },
    on(library.NetworkAttachmentDefinition),
  ),
  judged<library.NetworkAttachmentDefinitionAttributes>(
    "NetworkAttachmentDefinitionAttributes",
    { networkName: "plane", subnets: [subnet] },
    {
      namespace: OF_ITS_OWN,
      networkName: "other",
      subnets: ["10.21.0.0/24"],
      ranges: [{ subnet, rangeStart: "10.20.0.50", rangeEnd: "10.20.0.90" }],
      hasMulticastRoute: false,
      takesDefaultRoute: true,
      acceptsMac: true,
      attachmentIps: "optional",
    },
    (stack, value) => {
      const { namespace } = surroundings(stack);
      const of = { ...value, namespace };
      const network = library.NetworkAttachmentDefinition.fromNetworkName(stack, "Plane", of);
      statusCheck(stack, network, { ips: network.nextAddresses() });
    },
  ),
];

const ipams: readonly JudgedCase[] = [
  judged<library.HostLocalIpamProps>(
    "HostLocalIpamProps",
    { subnet },
    { ...range, subnet: "10.21.0.0/24", additionalRanges: second, routes },
    withIpam(library.Ipam.hostLocal),
  ),
  judged<library.WhereaboutsIpamProps>(
    "WhereaboutsIpamProps",
    { subnet },
    {
      ...range,
      subnet: "10.21.0.0/24",
      exclude: ["10.20.0.96/30"],
      additionalRanges: second,
      routes,
      configurationPath: "/etc/x.conf",
    },
    withIpam(library.Ipam.whereabouts),
  ),
  judged<library.StaticIpamProps>(
    "StaticIpamProps",
    { addresses: ["10.20.0.9/24"] },
    { addresses: ["10.20.0.10/24"], ranges: [range], routes },
    withIpam(library.Ipam.static),
  ),
  judged<library.CustomIpamProps>("CustomIpamProps", {}, { subnets: [subnet] }, (stack, value) =>
    withIpam((props: library.CustomIpamProps) => library.Ipam.custom({ type: "dhcp" }, props))(stack, value),
  ),
  judged<library.AttachedNetworkProps>(
    "AttachedNetworkProps",
    { ...usual, ipam: onlyRoute },
    { ...common, ipam: library.Ipam.hostLocal({ subnet, gateway: "10.20.0.2", routes: [{ dst: "0.0.0.0/0" }] }) },
    (stack, value) => checkOnMacvlan(stack, value),
  ),
];

const attachments: readonly JudgedCase[] = [
  judged<library.AttachmentProps>(
    "AttachmentProps",
    {},
    {
      ips: ["10.20.0.9/24"],
      mac: "02:00:00:00:00:01",
      interfaceName: "data0",
      defaultRoute: ["10.20.0.1"],
    },
    (stack, value) => {
      const { multus, namespace } = surroundings(stack);
      const plane = new library.MacvlanNetwork(stack, "Plane", { multus, namespace, ...usual });
      statusCheck(stack, plane, value);
    },
  ),
];

const metadata = { labels: { team: "video" }, annotations: { note: "text" }, podSecurity: "baseline" as const };
/** On a cluster whose own network has a switch for multicast. */
const onOvn = <T extends object>(stack: TerraformStack, value: T) => ({
  cluster: new TestCluster(stack, "Cluster", "openshift"),
  ...value,
});

const namespaces: readonly JudgedCase[] = [
  judged<library.MulticastNamespaceProps>(
    "MulticastNamespaceProps",
    { namespaceName: "media" },
    { cluster: OF_ITS_OWN, namespaceName: "other", ...metadata, multicastSwitch: "none" },
    (stack, value) => checkIn(stack, new library.MulticastNamespace(stack, "Media", onOvn(stack, value))),
  ),
  judged<library.AdoptedNamespaceProps>(
    "AdoptedNamespaceProps",
    { namespaceName: "media" },
    { cluster: OF_ITS_OWN, namespaceName: "other", ...metadata, multicastSwitch: "none" },
    (stack, value) => checkIn(stack, new library.AdoptedNamespace(stack, "Media", onOvn(stack, value))),
  ),
  judged<library.MulticastNamespaceAttributes>(
    "MulticastNamespaceAttributes",
    { namespaceName: "media" },
    { cluster: OF_ITS_OWN, namespaceName: "other" },
    (stack, value) => checkIn(stack, library.MulticastNamespace.fromNamespaceName(stack, "Media", onOvn(stack, value))),
  ),
  judged<library.DefaultNetworkOptions>("DefaultNetworkOptions", {}, { interfaceName: "eth7" }, checkOnDefault),
  judged<library.MultusProps>(
    "MultusProps",
    {},
    {
      cluster: OF_ITS_OWN,
      image: "example.org/multus:9",
      namespaceName: "other",
      namespaceIsolation: false,
      globalNamespaces: ["shared"],
      defaultNetworkCniVersion: "0.4.0",
      logLevel: "debug",
      resources: { cpuRequest: "20m" },
    },
    checkOnMultus,
  ),
  judged<library.MultusResources>(
    "MultusResources",
    {},
    { cpuRequest: "20m", memoryRequest: "33Mi", memoryLimit: "129Mi" },
    (stack, resources) => checkOnMultus(stack, { resources }),
  ),
];

export const networkCases = [...networks, ...ipams, ...attachments, ...namespaces];
