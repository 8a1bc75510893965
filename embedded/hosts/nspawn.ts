import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { type CgroupMode, createHostCgroups } from "./cgroups";
import { type BindMount, bindMounts, mergedRoot } from "./host-root";
import type { Lab, LabHost } from "./layout";

/** Which process boots a host. The start time tells it from a later process with the same number. */
interface ProcessMark {
  readonly pid: number;
  readonly startTime: string;
}

/**
 * Arguments of systemd-nspawn for a host.
 *
 * @param programs - files of the machine that the host runs
 */
export function nspawnArguments(host: LabHost, programs: readonly BindMount[] = []): string[] {
  return [
    "--quiet",
    "--boot",
    `--directory=${mergedRoot(host)}`,
    `--machine=${host.machine}`,
    `--hostname=${host.name}`,
    `--network-namespace-path=/run/netns/${host.netns}`,
    // No systemd on this machine is asked for anything: it may not be its init, and the control group is ours.
    "--register=no",
    "--keep-unit",
    "--capability=all",
    "--system-call-filter=@known",
    "--link-journal=no",
    "--timezone=off",
    "--resolv-conf=off",
    "--console=read-only",
    ...bindMounts(host).map(({ source, target }) => `--bind=${source}:${target}`),
    ...programs.map(({ source, target }) => `--bind-ro=${source}:${target}`),
  ];
}

/** What systemd-nspawn takes from its environment only. */
export function nspawnEnvironment(mode: CgroupMode): Record<string, string> {
  return {
    // The kubelet and CNI plugins write below /proc/sys and /sys.
    SYSTEMD_NSPAWN_API_VFS_WRITABLE: "1",
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: mode.kind === "unified" ? "1" : "0",
  };
}

/** Boots the host in a session of its own, so that it outlives this process and its terminal. */
export async function boot(
  lab: Lab,
  host: LabHost,
  mode: CgroupMode,
  programs: readonly BindMount[] = [],
): Promise<void> {
  const cgroups = await createHostCgroups(mode, lab, host);
  const log = await fs.open(host.logFile, "w", 0o600);
  try {
    const child = spawn(
      path.join(__dirname, "enter-cgroups.sh"),
      [...cgroups, "--", "systemd-nspawn", ...nspawnArguments(host, programs)],
      { detached: true, stdio: ["ignore", log.fd, log.fd], env: { ...process.env, ...nspawnEnvironment(mode) } },
    );
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    const pid = child.pid ?? 0;
    await fs.writeFile(
      markPath(host),
      JSON.stringify({ pid, startTime: startTimeOf(pid) ?? "" } satisfies ProcessMark),
    );
  } finally {
    await log.close();
  }
}

/** Whether the process that booted the host is still there. */
export function isBooted(host: LabHost): boolean {
  if (!existsSync(markPath(host))) {
    return false;
  }
  const mark = JSON.parse(readFileSync(markPath(host), "utf8")) as ProcessMark;
  return startTimeOf(mark.pid) === mark.startTime;
}

/** When the process started, in clock ticks since this boot of the machine and with the boot's own id. */
function startTimeOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // Field 2 is the program's name in parentheses and may contain anything; after it, field 3 is the state.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ended = fields[0] === "Z" || fields[0] === "X";
  const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return ended ? undefined : `${bootId} ${fields[19]}`;
}

function markPath(host: LabHost): string {
  return path.join(host.directory, "process.json");
}
