/**
 * The constructs, and what they are made from. What is not exported here may change without notice.
 *
 * @module multicast-lab
 */
export type { CniPaths, ClusterNode, ClusterProviders, Distribution, ICluster } from "./cluster/cluster";
export { providersOf } from "./cluster/cluster";
export type { ClusterNetwork, ClusterNetworkType } from "./cluster/cluster-network";
export { ExistingCluster, type ExistingClusterAttributes } from "./cluster/existing-cluster";
export type { HostStep } from "./cluster/host-step";
export { K3sCluster } from "./cluster/k3s-cluster";
export type { K3sClusterProps } from "./cluster/k3s-cluster-props";
export type { K3sConfigValue } from "./cluster/k3s-config-keys";
export type {
  K3sRegistries,
  RegistryAuth,
  RegistryConfig,
  RegistryMirror,
  RegistryTls,
} from "./cluster/k3s-registries";
export {
  DEFAULT_K3S_RELEASE,
  type DownloadArtifact,
  type FileArtifact,
  type FlannelBackend,
  type K3sRelease,
} from "./cluster/k3s-release";
export type { Toleration } from "./cluster/toleration";
export type { NodeTaint, TaintEffect } from "./cluster/node-registration";
export type { K3sSteps } from "./cluster/k3s-steps";
export { SshHost, type SshHostOptions } from "./cluster/ssh-host";
export { Multus, type Definition, type IMultus, type MultusProps, type MultusResources } from "./multus/multus";
export { AdoptedNamespace, type AdoptedNamespaceProps } from "./namespace/adopted-namespace";
export {
  MulticastNamespace,
  type MulticastNamespaceAttributes,
  type MulticastNamespaceProps,
} from "./namespace/multicast-namespace";
export type { MulticastSwitch } from "./namespace/multicast-switch";
export type { PodSecurityLevel } from "./namespace/namespace-metadata";
export type { INamespace } from "./namespace/namespace";
export {
  Attachment,
  interfaceNames,
  NETWORKS_ANNOTATION,
  networksAnnotation,
  type AttachmentProps,
} from "./network/attachment";
export { AttachedNetwork, type AttachedNetworkProps } from "./network/attached-network";
export { BridgeNetwork, type BridgeNetworkProps } from "./network/bridge-network";
export type { CniConfig, CniPluginChain, CniPluginConfig } from "./network/cni-config";
export { Ipam, type CustomIpamProps, type HostLocalIpamProps, type StaticIpamProps } from "./network/ipam";
export type { IpamRange, IpamRoute } from "./network/ipam-range";
export { IpvlanMode } from "./network/ipvlan-mode";
export { IpvlanNetwork, type IpvlanNetworkProps } from "./network/ipvlan-network";
export { MacvlanMode } from "./network/macvlan-mode";
export { MacvlanNetwork, type MacvlanNetworkProps } from "./network/macvlan-network";
export type { MasterProps } from "./network/master";
export type { NetworkAttachmentDefinitionAttributes } from "./network/existing-network";
export type { AttachmentIps, INetwork, INetworkAttachmentDefinition } from "./network/network";
export {
  NetworkAttachmentDefinition,
  type NetworkAttachmentDefinitionProps,
} from "./network/network-attachment-definition";
export type { NodeGroup } from "./network/node-group";
export type { Tuning } from "./network/tuning";
export type { WhereaboutsIpamProps, WhereaboutsRange } from "./network/whereabouts";
export { AttachedOpenShiftCluster, type OpenShiftClusterAttributes } from "./openshift/attached-cluster";
export { ClusterProxy, type ClusterProxyProps } from "./openshift/cluster-proxy";
export type { ClusterReading, OpenShiftNetworkType } from "./openshift/cluster-reading";
export type {
  ClusterNetworkEntry,
  InstallConfig,
  MorePlatformKeys,
  OpenShiftPlatform,
} from "./openshift/install-config";
export { OpenShiftCluster, type OpenShiftClusterProps } from "./openshift/openshift-cluster";
export { NetworkOperator, type NetworkOperatorProps } from "./openshift/network-operator";
export { NodeNetworkPolicy, type NodeNetworkPolicyProps } from "./openshift/node-network-policy";
export { NodeNetworkState, type LocalnetOptions, type VlanOptions } from "./openshift/node-network-state";
export { SdnToOvnMigration, type SdnToOvnMigrationProps } from "./openshift/sdn-to-ovn-migration";
export type { ProxySettings } from "./openshift/proxy-rules";
export { ValidationError, type Fault, type Violation } from "./private/validate";
export { DefaultNetwork, type CheckedNetwork, type DefaultNetworkOptions } from "./verification/checked-network";
export { DenyAllPolicy, type DenyAllPolicyProps } from "./verification/deny-all-policy";
export { ExternalEndpoint, type ExternalEndpointProps } from "./verification/external-endpoint";
export { MulticastCheck } from "./verification/multicast-check";
export type { MulticastCheckProps, MulticastSender } from "./verification/multicast-check-props";
export { MulticastGroup, type MulticastGroupProps } from "./verification/multicast-group";
export { DEFAULT_PROBE_IMAGE } from "./verification/probe-image";
export type { Expectation, MulticastReceiver } from "./verification/receivers";
export { NetworkStatusCheck, type NetworkStatusCheckProps } from "./verification/network-status-check";
export { ServiceCheck, type ServiceCheckProps, type ServiceMember } from "./verification/service-check";
export { SocatCheck, type SocatCheckProps } from "./verification/socat-check";
export { VerificationPod, type VerificationPodProps } from "./verification/verification-pod";
export { attach, type AttachOptions } from "./workload/attach";
export { MulticastWay, type MulticastWayKind } from "./workload/multicast-way";
export type { Workload } from "./workload/workload";
