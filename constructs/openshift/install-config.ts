import { checkProxy, type ProxySettings } from "./proxy-rules";
import { parseSubnet } from "../private/ip-range";
import { cidr } from "../private/ip-rules";
import { dns1123Label, dns1123Subdomain, filePath, wholeNumber } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** A network that the nodes' pods get their addresses from. */
export interface ClusterNetworkEntry {
  /** The network in CIDR notation. */
  readonly cidr: string;
  /** Bits of the part that each node gets, more than the network's own; 23 gives a node 510 addresses. */
  readonly hostPrefix: number;
}

/** Anything else that the installer knows for a platform (`openshift-install explain installconfig.platform`). */
interface MorePlatformKeys {
  readonly [key: string]: unknown;
}

/**
 * Where the machines are: one key, by the installer's own name of the platform. Values stand in the Terraform state: a platform that needs
 * a password is given by file, see {@link InstallConfig.platformPath}.
 */
export type OpenShiftPlatform =
  /** Machines that the user boots with the installer's ignition files. */
  | { readonly none: Record<string, never> }
  /** Amazon Web Services; credentials as its own tools find them. */
  | { readonly aws: { readonly region: string } & MorePlatformKeys }
  /** Any other platform of the installer. */
  | { readonly [platform: string]: MorePlatformKeys };

/** What `install-config.yaml` says. */
export interface InstallConfig {
  /** DNS domain that the cluster's name is put in front of, like `example.com`. */
  readonly baseDomain: string;
  /** Name of the cluster, a DNS-1123 label: its API is `api.<clusterName>.<baseDomain>`. */
  readonly clusterName: string;
  /**
   * Where the machines are.
   *
   * @default - that of platformPath
   */
  readonly platform?: OpenShiftPlatform;
  /**
   * YAML file with what stands below `platform:`, for platforms that need a password, like vSphere and bare metal (BMC). Only its path is stored.
   *
   * @default - platform says all
   */
  readonly platformPath?: string;
  /** File with the pull secret of https://console.redhat.com/openshift/install/pull-secret. Only its path is stored. */
  readonly pullSecretPath: string;
  /**
   * File with the public SSH key for the user `core` of the nodes.
   *
   * @default - no SSH to the nodes
   */
  readonly sshPublicKeyPath?: string;
  /**
   * Networks of the machines, in CIDR notation.
   *
   * @default ["10.0.0.0/16"]
   */
  readonly machineNetwork?: readonly string[];
  /**
   * Networks of the pods.
   *
   * @default [{ cidr: "10.128.0.0/14", hostPrefix: 23 }]
   */
  readonly clusterNetwork?: readonly ClusterNetworkEntry[];
  /**
   * Networks of the Services, in CIDR notation; one for each IP family.
   *
   * @default ["172.30.0.0/16"]
   */
  readonly serviceNetwork?: readonly string[];
  /**
   * OVN-Kubernetes' join network (`ovnKubernetesConfig.ipv4.internalJoinSubnet`), IPv4 in CIDR notation.
   *
   * @default - 100.64.0.0/16
   */
  readonly internalJoinSubnet?: string;
  /**
   * OVN-Kubernetes' transit network (`ovnKubernetesConfig.ipv4.internalTransitSwitchSubnet`), IPv4 in CIDR notation.
   *
   * @default - 100.88.0.0/16
   */
  readonly internalTransitSwitchSubnet?: string;
  /**
   * OVN-Kubernetes' masquerade network (`ovnKubernetesConfig.gatewayConfig.ipv4.internalMasqueradeSubnet`), IPv4 in CIDR notation.
   *
   * @default - 169.254.0.0/17, before 4.17 169.254.169.0/29
   */
  readonly internalMasqueradeSubnet?: string;
  /**
   * Machines of the control plane: 1, 3, 4 or 5.
   *
   * @default 3
   */
  readonly controlPlaneReplicas?: number;
  /**
   * Machines for pods alone, that the installer makes; 0 where the user boots them.
   *
   * @default 3; 0 on platform none
   */
  readonly computeReplicas?: number;
  /**
   * Proxy of the cluster's own traffic.
   *
   * @default - none
   */
  readonly proxy?: ProxySettings;
  /**
   * File with certificates (PEM) of whom the nodes trust besides.
   *
   * @default - the system's own alone
   */
  readonly trustBundlePath?: string;
  /**
   * Further keys of `install-config.yaml` (`openshift-install explain installconfig`), which are not checked and stand in the Terraform
   * state. A key that this construct sets is refused.
   *
   * @default {}
   */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The pods' networks of an installation with nothing else said. */
const usualClusterNetwork: readonly ClusterNetworkEntry[] = [{ cidr: "10.128.0.0/14", hostPrefix: 23 }];

/** The configuration with its defaults. */
export function networksOf(config: InstallConfig) {
  const { machineNetwork = ["10.0.0.0/16"], clusterNetwork = usualClusterNetwork } = config;
  return { machineNetwork, clusterNetwork, serviceNetwork: config.serviceNetwork ?? ["172.30.0.0/16"] };
}

/** Whether the user boots the machines. */
export function isUserProvisioned({ platform }: InstallConfig): boolean {
  return platform !== undefined && "none" in platform;
}

/** `install-config.yaml` without what is kept in files. */
export function installConfigOf(config: InstallConfig): Record<string, unknown> {
  const { machineNetwork, clusterNetwork, serviceNetwork } = networksOf(config);
  const { proxy, platform, controlPlaneReplicas = 3, more } = config;
  const computeReplicas = config.computeReplicas ?? (isUserProvisioned(config) ? 0 : 3);
  return {
    apiVersion: "v1",
    baseDomain: config.baseDomain,
    metadata: { name: config.clusterName },
    networking: {
      networkType: "OVNKubernetes",
      machineNetwork: machineNetwork.map((each) => ({ cidr: each })),
      clusterNetwork,
      serviceNetwork,
    },
    controlPlane: { name: "master", replicas: controlPlaneReplicas },
    compute: [{ name: "worker", replicas: computeReplicas }],
    ...(platform && { platform }),
    ...(proxy && { proxy: { ...proxy, noProxy: proxy.noProxy?.join(",") } }),
    ...more,
  };
}

/**
 * The manifest of what OVN-Kubernetes is told besides; undefined where nothing is
 * (https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/installing_on_any_platform/installing-platform-agnostic#modifying-nwoperator-config-startup_installing-platform-agnostic).
 */
export function networkManifestOf(config: InstallConfig): Record<string, unknown> | undefined {
  const { internalJoinSubnet, internalTransitSwitchSubnet, internalMasqueradeSubnet } = config;
  const ipv4 = { internalJoinSubnet, internalTransitSwitchSubnet };
  if (!internalJoinSubnet && !internalTransitSwitchSubnet && !internalMasqueradeSubnet) return undefined;
  const ovnKubernetesConfig = {
    ...((internalJoinSubnet || internalTransitSwitchSubnet) && { ipv4 }),
    ...(internalMasqueradeSubnet && { gatewayConfig: { ipv4: { internalMasqueradeSubnet } } }),
  };
  return {
    apiVersion: "operator.openshift.io/v1",
    kind: "Network",
    metadata: { name: "cluster" },
    spec: { defaultNetwork: { ovnKubernetesConfig } },
  };
}

/** IPv4 as the API has it (https://github.com/openshift/api/blob/master/operator/v1/types_network.go). */
const internalSubnet: Rule<string> = (value) => {
  const subnet = parseSubnet(value);
  return subnet?.family === 4 && subnet.prefixLength <= 30 && !value.startsWith("0.")
    ? undefined
    : { must: "be an IPv4 network of /30 or larger that does not begin with 0", use: 'a network like "100.65.0.0/16"' };
};

const replicas: Rule<number> = (value) =>
  [1, 3, 4, 5].includes(value)
    ? undefined
    : { must: "be 1, 3, 4 or 5", use: "an odd number of machines that etcd can agree with" };

/** Adds what is wrong with the configuration. */
export function checkInstallConfig(faults: Faults, config: InstallConfig): void {
  faults
    .check("baseDomain", config.baseDomain, dns1123Subdomain)
    .check("clusterName", config.clusterName, dns1123Label)
    .check("controlPlaneReplicas", config.controlPlaneReplicas, replicas)
    .check("computeReplicas", config.computeReplicas, wholeNumber(0, 2000));
  for (const name of ["pullSecretPath", "sshPublicKeyPath", "trustBundlePath", "platformPath"] as const)
    faults.check(name, config[name], filePath);
  if (config.proxy) checkProxy(faults, "proxy.", config.proxy);
  checkPlatform(faults, config);
  checkSubnets(faults, config);
  const own = [
    "pullSecret",
    "sshKey",
    "additionalTrustBundle",
    "platform",
    ...Object.keys(installConfigOf({ ...config, more: {} })),
  ];
  for (const key of Object.keys(config.more ?? {}))
    if (own.includes(key))
      faults.add("more", key, { must: "not be a key that this construct sets", use: "its own prop" });
}

function checkPlatform(faults: Faults, { platform, platformPath }: InstallConfig): void {
  if ((platform === undefined) === (platformPath === undefined))
    faults.add("platform", platform ?? "nothing", { must: "be given once", use: "platform or platformPath" });
  if (platform && Object.keys(platform).length !== 1)
    faults.add("platform", Object.keys(platform), { must: "name one platform", use: "a value like { none: {} }" });
  const secret = JSON.stringify(platform ?? {}).match(/"([^"]*(?:password|secret|token)[^"]*)":/i)?.[1];
  if (secret !== undefined)
    faults.add("platform", secret, { must: "hold no password, which would stand in the state", use: "platformPath" });
}

function checkSubnets(faults: Faults, config: InstallConfig): void {
  const { machineNetwork, clusterNetwork, serviceNetwork } = networksOf(config);
  const all = [
    ...machineNetwork.map((text, index) => [`machineNetwork[${index}]`, text] as const),
    ...clusterNetwork.map((entry, index) => [`clusterNetwork[${index}].cidr`, entry.cidr] as const),
    ...serviceNetwork.map((text, index) => [`serviceNetwork[${index}]`, text] as const),
  ];
  const internal = ["internalJoinSubnet", "internalTransitSwitchSubnet", "internalMasqueradeSubnet"] as const;
  all.forEach(([field, text]) => faults.check(field, text, cidr));
  internal.forEach((field) => faults.check(field, config[field], cidr, internalSubnet));
  clusterNetwork.forEach(({ cidr: text, hostPrefix }, index) => {
    const subnet = parseSubnet(text);
    const rule = wholeNumber((subnet?.prefixLength ?? 0) + 1, subnet?.family === 6 ? 126 : 30);
    faults.check(`clusterNetwork[${index}].hostPrefix`, hostPrefix, rule);
  });
  checkOverlaps(faults, [
    ...all,
    ...internal.flatMap((field) => (config[field] ? [[field, config[field]] as const] : [])),
  ]);
}

/** Adds each network that another one overlaps. */
export function checkOverlaps(faults: Faults, networks: readonly (readonly [field: string, text: string])[]): void {
  networks.forEach(([field, text], index) => {
    const subnet = parseSubnet(text);
    const other = networks.slice(0, index).find(([, before]) => subnet && parseSubnet(before)?.overlaps(subnet));
    if (other) faults.add(field, text, { must: `not overlap ${other[0]} ${other[1]}`, use: "a network of its own" });
  });
}
