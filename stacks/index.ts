/**
 * The ready stacks. What is not exported here may change without notice.
 *
 * @module multicast-lab/stacks
 */
export { ClusterStack, type ClusterStackProps } from "./cluster-stack";
export { K3sMedia, type K3sMediaProps, type MediaWay } from "./k3s-media";
export { type LabExternal } from "./lab-external";
export type { LabMultusProps } from "./lab-multus";
export { LabStack, type LabStackProps } from "./lab-stack";
export { MultusQuickstart, type MultusQuickstartProps } from "./multus-quickstart";
export { OfflinePlanes, type OfflinePlane, type OfflinePlanesProps } from "./offline-planes";
export { OpenShiftMulticast, type OpenShiftMulticastProps } from "./openshift-multicast";
export { OpenShiftDedicated, type OpenShiftDedicatedProps } from "./openshift-dedicated";
