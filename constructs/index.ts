/** The public surface of the library. What is not exported here may change without notice. */
export * from "./cluster/cluster";
export * from "./namespace/multicast-namespace";
export * from "./namespace/namespace";
export * from "./network/attachment";
export type { CniConfig, CniPluginChain, CniPluginConfig } from "./network/cni-config";
export * from "./network/ipam";
export * from "./network/ipam-range";
export * from "./network/macvlan-mode";
export { MacvlanNetwork, type MacvlanNetworkProps } from "./network/macvlan-network";
export * from "./network/network";
export * from "./network/network-attachment-definition";
export { ValidationError } from "./private/validate";
