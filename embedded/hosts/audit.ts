import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { labCgroupDirectories, labProcesses, machineCgroupMode } from "./cgroups";
import { type Lab, labDirectory } from "./layout";
import { type Snapshot, compareSnapshots, takeSnapshot } from "./snapshot";

/** What the audit found. */
export interface MachineAudit {
  /** Things of this lab that are still on the machine; none after a clean teardown. */
  readonly residue: readonly string[];
  /**
   * Other differences between the machine before the first host of this lab and now, those of other labs left out. On a
   * machine with nothing else going on there are none; elsewhere they may be somebody else's doing. One line says so where
   * the machine's baseline is gone, so that nothing can be compared.
   */
  readonly otherChanges: readonly string[];
}

/** Compares the machine with what it was before the lab's hosts came. To be called after `stopHosts`. */
export async function auditMachine(lab: Lab): Promise<MachineAudit> {
  const now = await takeSnapshot();
  const before = await readBaseline(lab);
  return {
    residue: await residueIn(lab, now),
    otherChanges: before === undefined ? [`unknown: there is no ${baselinePath(lab)}`] : changesOf(lab, before, now),
  };
}

function changesOf(lab: Lab, before: Snapshot, now: Snapshot): string[] {
  const { added, removed } = compareSnapshots(before, now);
  return [
    ...added.filter((line) => !belongsToLab(line, lab) && !belongsToAnyLab(line)).map((line) => `new: ${line}`),
    ...removed.filter((line) => !belongsToAnyLab(line)).map((line) => `gone: ${line}`),
  ];
}

/** What of this lab is on the machine, whether it runs or not. */
export async function findResidue(lab: Lab): Promise<string[]> {
  return residueIn(lab, await takeSnapshot());
}

/** Remembers the machine as it is before the lab's hosts come. */
export async function recordBaseline(lab: Lab): Promise<void> {
  await fs.mkdir(path.dirname(baselinePath(lab)), { recursive: true, mode: 0o700 });
  const draft = `${baselinePath(lab)}.${process.pid}`;
  await fs.writeFile(draft, JSON.stringify(await takeSnapshot(), undefined, 1), { mode: 0o600 });
  await fs.rename(draft, baselinePath(lab));
}

async function residueIn(lab: Lab, snapshot: Snapshot): Promise<string[]> {
  const mode = await machineCgroupMode();
  const directories = [path.join(lab.directory, "hosts"), lab.sshDirectory];
  return [
    ...snapshot.filter((line) => belongsToLab(line, lab)),
    ...(await describeProcesses(lab, await labProcesses(mode, lab))),
    ...(await labCgroupDirectories(mode, lab)).map((directory) => `cgroup ${directory}`),
    ...directories.filter((directory) => existsSync(directory)).map((directory) => `directory ${directory}`),
  ];
}

/** Whether a line of a snapshot speaks of this lab: by an interface, namespace, table, address or path of it. */
export function belongsToLab(line: string, lab: Lab): boolean {
  const { index } = lab;
  const addresses = `198\\.1[89]\\.${index}\\.\\d+|198\\.18\\.${128 + index}\\.\\d+`;
  const names = new RegExp(`\\b(mlm${index}|ml${index}-[a-z]+|multicast-lab-${index}|${addresses})(?![\\w])`);
  return names.test(line) || line.includes(`${lab.directory}/`);
}

/** Whether it speaks of any lab, also of one in another LAB_HOME. */
function belongsToAnyLab(line: string): boolean {
  const someLab = labDirectory("", "[a-z0-9-]+");
  return new RegExp(
    `\\b(mlm\\d+|ml\\d+-[a-z]+|multicast-lab-\\d+|198\\.1[89]\\.\\d+\\.\\d+)\\b|/${someLab}/hosts/`,
  ).test(line);
}

/** Processes in the lab's control groups, and others that still work in its directory. */
async function describeProcesses(lab: Lab, inCgroups: readonly number[]): Promise<string[]> {
  const own = await ancestors(process.pid);
  const lines: string[] = [];
  for (const entry of (await fs.readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const pid = Number(entry);
    const cwd = await fs.readlink(`/proc/${pid}/cwd`).catch(() => "");
    const worksHere = cwd === lab.directory || cwd.startsWith(`${lab.directory}/`);
    if (inCgroups.includes(pid) || (worksHere && !own.has(pid))) {
      const command = await fs.readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
      lines.push(`process ${pid} ${command.trim()}`);
    }
  }
  return lines;
}

async function ancestors(pid: number): Promise<Set<number>> {
  const found = new Set<number>();
  for (let current = pid; current > 0 && !found.has(current);) {
    found.add(current);
    const text = await fs.readFile(`/proc/${current}/status`, "utf8").catch(() => "");
    current = Number(/^PPid:\s+(\d+)/m.exec(text)?.[1] ?? 0);
  }
  return found;
}

async function readBaseline(lab: Lab): Promise<Snapshot | undefined> {
  const text = await fs.readFile(baselinePath(lab), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Snapshot);
}

function baselinePath(lab: Lab): string {
  return path.join(lab.directory, "state", "machine-baseline.json");
}
