export { allocate, findLab, labHome, listLabs, release } from "./allocation";
export { type MachineAudit, auditMachine, findResidue } from "./audit";
export { readHostKey } from "./keys";
export { type ClusterNetworkName, type HostPlan, type HostRole, type Lab, type LabHost, hostNames } from "./layout";
export {
  type HostOptions,
  type HostState,
  type HostStatus,
  type OvnKubernetesPrograms,
  type StartResult,
  startHosts,
  status,
  stopHosts,
} from "./lifecycle";
export { hostRootfs } from "./rootfs";
export { runOnHost, sshArguments } from "./ssh";
