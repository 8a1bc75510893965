import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import type { Lab, LabHost } from "./layout";
import { waitUntil } from "../system/waiting";

/**
 * How the machine lays out its control groups. `unified`: version 2 alone, as on most machines today. `hybrid`:
 * version 1 controllers, with or without a version 2 tree beside them.
 */
export interface CgroupMode {
  readonly kind: "unified" | "hybrid";
  /** Mount point of every hierarchy. */
  readonly hierarchies: readonly string[];
}

/** Reads the mode from the text of /proc/self/mountinfo. */
export function detectCgroupMode(mountinfo: string): CgroupMode {
  const mounts = mountinfo
    .split("\n")
    .map((line) => line.split(" - "))
    .map(([left, right]) => ({
      point: left?.split(" ")[4] ?? "",
      type: right?.split(" ")[0],
      options: right?.split(" ")[2],
    }))
    .filter(({ point }) => point === "/sys/fs/cgroup" || point.startsWith("/sys/fs/cgroup/"));
  if (mounts.some(({ point, type }) => point === "/sys/fs/cgroup" && type === "cgroup2")) {
    return { kind: "unified", hierarchies: ["/sys/fs/cgroup"] };
  }
  const version1 = mounts.filter(({ type }) => type === "cgroup");
  if (!version1.some(({ options }) => options?.split(",").includes("name=systemd"))) {
    throw new Error(
      "no cgroup2 at /sys/fs/cgroup and no name=systemd hierarchy below it, so systemd cannot boot in a container; " +
        "mount one: mkdir /sys/fs/cgroup/systemd && mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd",
    );
  }
  const version2 = mounts.filter(({ type }) => type === "cgroup2");
  return { kind: "hybrid", hierarchies: [...new Set([...version1, ...version2].map(({ point }) => point))] };
}

/** The mode of this machine. */
export async function machineCgroupMode(): Promise<CgroupMode> {
  return detectCgroupMode(await fs.readFile("/proc/self/mountinfo", "utf8"));
}

/**
 * Makes the host's control group in each hierarchy and returns the paths. Each host has its own, so that the kubelets
 * of two hosts do not share /kubepods, and so that all processes of a host can be found and killed.
 */
export async function createHostCgroups(mode: CgroupMode, lab: Lab, host: LabHost): Promise<string[]> {
  const created: string[] = [];
  for (const hierarchy of mode.hierarchies) {
    const directory = path.join(hierarchy, lab.cgroup, host.name);
    await fs.mkdir(directory, { recursive: true });
    for (const parent of [hierarchy, path.join(hierarchy, lab.cgroup)]) {
      await passControllersDown(mode, parent);
    }
    await copyCpuset(hierarchy, path.join(hierarchy, lab.cgroup));
    await copyCpuset(path.join(hierarchy, lab.cgroup), directory);
    created.push(directory);
  }
  return created;
}

/** Version 2 gives a controller to children only when told so; one that cannot be given is the kubelet's to report. */
async function passControllersDown(mode: CgroupMode, directory: string): Promise<void> {
  if (mode.kind === "unified") {
    const available = (await fs.readFile(path.join(directory, "cgroup.controllers"), "utf8")).trim().split(" ");
    for (const controller of available.filter(Boolean)) {
      await fs.writeFile(path.join(directory, "cgroup.subtree_control"), `+${controller}`).catch(() => undefined);
    }
  }
}

/** Version 1 cpusets start empty, and no process can enter an empty one. */
async function copyCpuset(parent: string, child: string): Promise<void> {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const target = path.join(child, file);
    if (existsSync(target) && (await fs.readFile(target, "utf8")).trim() === "") {
      await fs.writeFile(target, await fs.readFile(path.join(parent, file), "utf8")).catch(ignoreInUnified(parent));
    }
  }
}

/** In version 2 an empty cpuset.cpus means "the parent's" and need not be filled. */
function ignoreInUnified(directory: string): (error: Error) => void {
  return (error) => {
    if (!existsSync(path.join(directory, "cgroup.controllers"))) {
      throw error;
    }
  };
}

/** All processes of the lab's hosts, in any hierarchy, also when their supervisor is gone. */
export async function labProcesses(mode: CgroupMode, lab: Lab): Promise<number[]> {
  const pids = new Set<number>();
  for (const directory of await labCgroupDirectories(mode, lab)) {
    const text = await fs.readFile(path.join(directory, "cgroup.procs"), "utf8").catch(() => "");
    // A process outside of our PID namespace reads as 0, and kill(0) would mean our own process group.
    text
      .split("\n")
      .map(Number)
      .filter((pid) => pid > 0)
      .forEach((pid) => pids.add(pid));
  }
  return [...pids];
}

/** The lab's control groups that exist now, children before parents. */
export async function labCgroupDirectories(mode: CgroupMode, lab: Lab): Promise<string[]> {
  const found: string[] = [];
  for (const hierarchy of mode.hierarchies) {
    await collectDirectories(path.join(hierarchy, lab.cgroup), found);
  }
  return found;
}

async function collectDirectories(directory: string, found: string[]): Promise<void> {
  const entries = await fs.readdir(directory, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    return;
  }
  for (const entry of entries.filter((candidate) => candidate.isDirectory())) {
    await collectDirectories(path.join(directory, entry.name), found);
  }
  found.push(directory);
}

/**
 * Kills every process of the lab's hosts and removes their control groups. At once and without a shutdown: the hosts'
 * disks are thrown away, and stop jobs would cost up to 90 s. Killing init takes its whole PID namespace with it.
 */
export async function killLabProcesses(lab: Lab): Promise<void> {
  const mode = await machineCgroupMode();
  await waitUntil(
    async () => {
      const pids = await labProcesses(mode, lab);
      pids.forEach(killQuietly);
      return pids.length === 0;
    },
    { what: `the processes of lab "${lab.name}" have ended`, timeoutMilliseconds: 20_000 },
  );
  await waitUntil(async () => removeDirectories(await labCgroupDirectories(mode, lab)), {
    what: `the control groups ${lab.cgroup} are gone`,
    timeoutMilliseconds: 10_000,
  });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}

/** The kernel answers EBUSY while the last process of a group is still on its way out. */
async function removeDirectories(directories: readonly string[]): Promise<boolean> {
  let complete = true;
  for (const directory of directories) {
    await fs.rmdir(directory).catch((error: NodeJS.ErrnoException) => {
      complete &&= error.code === "ENOENT";
    });
  }
  return complete;
}
