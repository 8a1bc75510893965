import fs from "node:fs/promises";
import { succeeds } from "../system/commands";
import { findResidue, recordBaseline } from "./audit";
import { killLabProcesses, machineCgroupMode } from "./cgroups";
import { type BindMount, createHostRoot, removeHostRoots } from "./host-root";
import { createKeys } from "./keys";
import type { Lab, LabHost } from "./layout";
import { prepareMachineSettings, restoreMachineSettings } from "./machine-settings";
import { addNat, defaultRouteInterface, removeNat } from "./nat";
import { createNetwork, removeNetwork } from "./network";
import { boot, isBooted } from "./nspawn";
import { ovnLayers } from "./ovn-layer";
import type { OnProgress } from "../system/mmdebstrap";
import { hostRootfs } from "./rootfs";
import { sshArguments, waitForSsh } from "./ssh";

/** `running`: booted and lets us in; `booted`: its process is there but it does not let us in; `absent`: no process. */
export type HostState = "running" | "booted" | "absent";

/** State of one host. */
export interface HostStatus {
  readonly host: LabHost;
  readonly state: HostState;
}

/** What {@link startHosts} found and did. */
export interface StartResult {
  /**
   * `unchanged`: all hosts ran already. `started`: the hosts are new, with empty disks: whatever was deployed on hosts of
   * this lab before is gone.
   */
  readonly outcome: "unchanged" | "started";
  /** What a killed or rebooted lab of this name had left behind, and was removed. */
  readonly cleaned: readonly string[];
  /** From the first change on this machine until every host let us in. */
  readonly milliseconds: number;
}

/** Options of {@link startHosts} and {@link stopHosts}. */
export interface HostOptions {
  readonly onProgress?: OnProgress;
  /** LAB_CACHE. */
  readonly cache?: string;
  /** What the hosts of a lab with that cluster network run; needed to start them. */
  readonly ovnKubernetes?: OvnKubernetesPrograms;
}

/** Programs of OVN-Kubernetes, by their paths on this machine. */
export interface OvnKubernetesPrograms {
  readonly ovnkube: string;
  readonly cniPlugin: string;
}

/** Brings up all hosts of a lab; on running hosts it changes nothing. */
export async function startHosts(lab: Lab, options: HostOptions = {}): Promise<StartResult> {
  const started = performance.now();
  if ((await status(lab)).every(({ state }) => state === "running")) {
    options.onProgress?.(`the hosts of lab "${lab.name}" are running, nothing to do`);
    return { outcome: "unchanged", cleaned: [], milliseconds: performance.now() - started };
  }
  const cleaned = await findResidue(lab);
  if (cleaned.length > 0) {
    options.onProgress?.(`cleaning up what lab "${lab.name}" left behind (${cleaned.length})`);
    await stopHosts(lab);
  }
  const hostKinds = await prepareHosts(lab, options);
  await recordBaseline(lab);
  const begin = performance.now();
  await createHosts(lab, hostKinds, options.onProgress);
  return { outcome: "started", cleaned, milliseconds: performance.now() - begin };
}

/** What a host is made of. */
interface HostKind {
  readonly layers: readonly string[];
  readonly programs: readonly BindMount[];
}

const PROGRAMS_DIRECTORY = "/usr/local/libexec/ovn-kubernetes";

/** By host, since those outside the cluster have nothing of its network. */
async function prepareHosts(lab: Lab, options: HostOptions): Promise<(host: LabHost) => HostKind> {
  const rootfs = await hostRootfs(options);
  const plain: HostKind = { layers: [rootfs], programs: [] };
  if (lab.clusterNetwork !== "ovn-kubernetes") return () => plain;
  if (options.ovnKubernetes === undefined) throw new Error(`lab "${lab.name}" needs the programs of OVN-Kubernetes`);
  const { ovnkube, cniPlugin } = options.ovnKubernetes;
  const programs = [
    { source: ovnkube, target: `${PROGRAMS_DIRECTORY}/ovnkube` },
    { source: cniPlugin, target: `${PROGRAMS_DIRECTORY}/ovn-k8s-cni-overlay` },
  ];
  const withOvn: HostKind = { layers: [...(await ovnLayers(options)), rootfs], programs };
  return (host) => (host.clusterNic ? withOvn : plain);
}

async function createHosts(lab: Lab, kindOf: (host: LabHost) => HostKind, onProgress?: OnProgress): Promise<void> {
  const uplink = await defaultRouteInterface();
  await fs.mkdir(lab.logDirectory, { recursive: true, mode: 0o700 });
  await createKeys(lab);
  await createNetwork(lab);
  // After the network: by its namespace a lab that stops sees that this one still needs the settings.
  await prepareMachineSettings(uplink);
  if (uplink !== undefined && lab.internet) {
    await addNat(lab);
  }
  const mode = await machineCgroupMode();
  onProgress?.(`booting ${lab.hosts.map((host) => host.name).join(", ")}`);
  await Promise.all(
    lab.hosts.map(async (host) => {
      const { layers, programs } = kindOf(host);
      await createHostRoot(lab, host, layers);
      await boot(lab, host, mode, programs);
      await waitForSsh(lab, host, () => isBooted(host));
      onProgress?.(`${host.name} answers on ${host.address}`);
    }),
  );
}

/**
 * Removes all hosts of a lab and what belongs to them, whatever there is of it: after a kill, a reboot, or when they
 * never came up. Keeps logs and state; `release` removes those.
 */
export async function stopHosts(lab: Lab, options: HostOptions = {}): Promise<void> {
  options.onProgress?.(`stopping ${lab.hosts.map((host) => host.name).join(", ")}`);
  await killLabProcesses(lab);
  await removeNat(lab);
  await removeNetwork(lab);
  await removeHostRoots(lab);
  await fs.rm(lab.sshDirectory, { recursive: true, force: true });
  await restoreMachineSettings(lab);
}

/** State of each host. */
export function status(lab: Lab): Promise<HostStatus[]> {
  return Promise.all(
    lab.hosts.map(async (host) => {
      if (!isBooted(host)) {
        return { host, state: "absent" } as const;
      }
      const answers = await succeeds("ssh", [...sshArguments(lab, host), "true"]);
      return { host, state: answers ? "running" : "booted" } as const;
    }),
  );
}
