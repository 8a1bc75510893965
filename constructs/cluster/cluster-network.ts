/** What carries the pods of a cluster. */
export type ClusterNetworkType = "ovn-kubernetes" | "openshift-sdn" | "flannel" | "other";

/**
 * What is known of the cluster's own network
 * (https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/ovn-kubernetes_network_plugin/about-ovn-kubernetes).
 */
export interface ClusterNetwork {
  /** What carries the pods. */
  readonly type: ClusterNetworkType;
  /**
   * Version of OpenShift, like `4.16.43` or `3.11`: the network's limits depend on it.
   *
   * @default not known: those of the newest version are taken
   */
  readonly openshiftVersion?: string;
  /**
   * Interfaces on the nodes that belong to it besides its own, such as the uplink of OVN-Kubernetes' br-ex: no secondary network may
   * sit on them.
   *
   * @default []
   */
  readonly interfaces?: readonly string[];
  /**
   * OVN-Kubernetes' join networks, in CIDR notation.
   *
   * @default ["100.64.0.0/16", "fd98::/64"]
   */
  readonly joinSubnets?: readonly string[];
  /**
   * OVN-Kubernetes' transit networks, in CIDR notation.
   *
   * @default ["100.88.0.0/16", "fd97::/64"]
   */
  readonly transitSubnets?: readonly string[];
  /**
   * OVN-Kubernetes' masquerade networks, in CIDR notation.
   *
   * @default ["169.254.169.0/29", "fd69::/125"]; since 4.17 also ["169.254.0.0/17", "fd69::/112"], which new clusters have and upgraded ones have not
   */
  readonly masqueradeSubnets?: readonly string[];
}
