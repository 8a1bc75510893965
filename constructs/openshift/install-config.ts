import type { ProxySettings } from "./proxy-rules";

/** A network that the nodes' pods get their addresses from. */
export interface ClusterNetworkEntry {
  /** The network in CIDR notation. */
  readonly cidr: string;
  /** Bits of the part that each node gets, more than the network's own; 23 gives a node 510 addresses. */
  readonly hostPrefix: number;
}

/** Anything else that the installer knows for a platform (`openshift-install explain installconfig.platform`). */
export interface MorePlatformKeys {
  readonly [key: string]: unknown;
}

/**
 * Where the machines are: one key, by the installer's own name of the platform. Values stand in the Terraform state: a platform that needs
 * a password is given by file, see {@link InstallConfig.platformPath}.
 */
export type OpenShiftPlatform =
  | {
      /** Machines that the user boots with the installer's ignition files. */
      readonly none: Record<string, never>;
    }
  | {
      /** Amazon Web Services; credentials as its own tools find them. */
      readonly aws: {
        /** Name of the region, like `eu-central-1`. */
        readonly region: string;
      } & MorePlatformKeys;
    }
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
