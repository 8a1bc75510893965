import { z } from "zod";
import type { ClusterProxyProps } from "../../constructs/openshift/cluster-proxy";
import type { IpamRange } from "../../constructs/network/ipam-range";
import { SshHost } from "../../constructs/cluster/ssh-host";
import { cidr, interfaceAddress, ipAddress } from "../../constructs/private/ip-rules";
import { dns1123Label, imageReference, interfaceName, percent, port, ttl } from "../../constructs/private/rules";
import { K3sMedia, type K3sMediaProps } from "../k3s-media";
import type { LabExternal } from "../lab-external";
import { LabStack, type LabStackProps } from "../lab-stack";
import { MultusQuickstart, type MultusQuickstartProps } from "../multus-quickstart";
import { OfflinePlanes, type OfflinePlane, type OfflinePlanesProps } from "../offline-planes";
import { OpenShiftMulticast, type OpenShiftMulticastProps } from "../openshift-multicast";
import { OpenShiftDedicated, type OpenShiftDedicatedProps } from "../openshift-dedicated";
import { number, text, type FileLeaves } from "./leaves";
import { sshHost } from "./k3s-section";
import { objectOf, type Plain } from "./plain";
import { readyLab, type KeysOf, type ReadyLab } from "./ready-lab";

/** A network's addresses, as most labs ask for them. */
const range = objectOf<IpamRange>("IpamRange")({
  subnet: text(cidr),
  rangeStart: text(ipAddress).optional(),
  rangeEnd: text(ipAddress).optional(),
  gateway: text(ipAddress).optional(),
});

const image = text(imageReference);
/** Keys of every lab that puts one macvlan network on a cluster. */
const namespaceName = text(dns1123Label).optional();
const multus = { multusImage: image.optional(), usesExistingMultus: z.boolean().optional() };
const onOneNetwork = { master: text(interfaceName), range, namespaceName, probeImage: image, ...multus };

const lab = readyLab<LabStackProps>(
  "one macvlan network, the matrix of receivers and the documents' socat check",
  LabStack,
  (leaves) => {
    return objectOf<KeysOf<LabStackProps>>("LabStackProps")({ ...onOneNetwork, external: outside(leaves) });
  },
  (basics, { external, ...keys }) => ({ ...basics, ...keys, external: external && labExternal(external) }),
);

function outside(leaves: FileLeaves) {
  const external = objectOf<LabExternal>("LabExternal")({
    ssh: sshHost(leaves),
    dataInterface: text(interfaceName),
    address: text(interfaceAddress),
  });
  return external.optional();
}

function labExternal({ ssh: { address, ...options }, ...external }: Plain<LabExternal>): LabExternal {
  return { ...external, ssh: SshHost.of(address, options) };
}

const k3sMedia = readyLab<K3sMediaProps>(
  "six pods with Services on each node, of which one multicasts with its peers",
  K3sMedia,
  (leaves) => {
    const way = z.enum(["attached", "hostNetwork", "hybrid"]);
    return objectOf<KeysOf<K3sMediaProps>>("K3sMediaProps")({
      ...onOneNetwork,
      namespaceName,
      way: way.optional(),
      otherWays: z.array(way).optional(),
      external: outside(leaves),
    });
  },
  (basics, { external, ...keys }) => ({ ...basics, ...keys, external: external && labExternal(external) }),
);

const multusQuickstart = readyLab<MultusQuickstartProps>(
  "samplepod with a second interface, and the same network twice in one pod",
  MultusQuickstart,
  () => objectOf<KeysOf<MultusQuickstartProps>>("MultusQuickstartProps")(onOneNetwork),
  (basics, keys) => ({ ...basics, ...keys }),
);

const offlinePlanes = readyLab<OfflinePlanesProps>(
  "several network planes on a cluster that reaches no registry, each heard by itself",
  OfflinePlanes,
  (leaves) => {
    const plane = objectOf<OfflinePlane>("OfflinePlane")({
      networkName: text(dns1123Label),
      master: text(interfaceName),
      range,
    });
    return objectOf<KeysOf<OfflinePlanesProps>>("OfflinePlanesProps")({
      planes: z.tuple([plane, plane], plane),
      namespaceName,
      external: outside(leaves),
      probeImage: image,
      ...multus,
    });
  },
  (basics, { external, ...keys }) => ({ ...basics, ...keys, external: external && labExternal(external) }),
);

const group = z.strictObject({
  address: text(ipAddress).describe("Address of the group."),
  port: number(port).describe("UDP port."),
  ttl: number(ttl).optional().describe("How many routers a datagram may pass, and one. Default: 64"),
});

/** Keys of every lab on OVN-Kubernetes' own network. */
const onDefaultNetwork = {
  namespaceName,
  adoptNamespace: z.boolean().optional(),
  probeImage: image,
  group: group.optional(),
  isolation: z.boolean().optional(),
  maxLossPercent: number(percent).optional(),
};

const proxy = ({ path }: FileLeaves) =>
  objectOf<Omit<ClusterProxyProps, "cluster">>("ClusterProxyProps")({
    httpProxy: z.string().optional(),
    httpsProxy: z.string().optional(),
    noProxy: z.array(z.string()).optional(),
    trustBundlePath: path.optional(),
  });

const openshiftDedicated = readyLab<OpenShiftDedicatedProps>(
  "multicast, its matrix of receivers and the cluster-wide proxy on OVN-Kubernetes of OpenShift Dedicated",
  OpenShiftDedicated,
  (leaves) =>
    objectOf<KeysOf<OpenShiftDedicatedProps>>("OpenShiftDedicatedProps")({
      ...onDefaultNetwork,
      proxy: proxy(leaves).optional(),
      hostNetwork: z.boolean().optional(),
      switching: z.boolean().optional(),
    }),
  (basics, keys) => ({ ...basics, ...keys }),
);

const openshiftMulticast = readyLab<OpenShiftMulticastProps>(
  "multicast in one project of an OpenShift on OVN-Kubernetes, by the switch of its namespace",
  OpenShiftMulticast,
  () => objectOf<KeysOf<OpenShiftMulticastProps>>("OpenShiftMulticastProps")(onDefaultNetwork),
  (basics, keys) => ({ ...basics, ...keys }),
);

/** The stacks that a configuration file can name, by the name they have in the registry. */
export const READY_LABS: Readonly<Record<string, ReadyLab>> = {
  lab,
  "k3s-media": k3sMedia,
  "offline-planes": offlinePlanes,
  "openshift-multicast": openshiftMulticast,
  "openshift-dedicated": openshiftDedicated,
  "multus-quickstart": multusQuickstart,
};
