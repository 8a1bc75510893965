import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { run } from "../system/commands";
import { hostKeyPath } from "./keys";
import type { ClusterNic, Lab, LabHost } from "./layout";
import { mountsBelow } from "./mounts";

/**
 * Where a cluster node keeps container file systems and volumes. They are overlays themselves, and an overlay's upper
 * layer cannot lie on an overlay, so these directories come from the machine's own file system.
 */
const BOUND_DIRECTORIES = ["/var/lib/rancher", "/var/lib/containerd", "/var/lib/kubelet"];

/** A directory of the machine that appears in a host. */
export interface BindMount {
  readonly source: string;
  readonly target: string;
}

/** The host's root, a writable layer over the shared one. */
export function mergedRoot(host: LabHost): string {
  return path.join(host.directory, "merged");
}

/** The host's own bind mounts; the host outside the cluster needs none. */
export function bindMounts(host: LabHost): BindMount[] {
  const targets = host.role === "external" ? [] : BOUND_DIRECTORIES;
  return targets.map((target) => ({ source: path.join(host.directory, "bind", path.basename(target)), target }));
}

/**
 * Mounts the host's root and writes what makes it this host: name, identity, keys, names of the others.
 *
 * @param layers - read-only, the uppermost first
 */
export async function createHostRoot(lab: Lab, host: LabHost, layers: readonly string[]): Promise<void> {
  const root = mergedRoot(host);
  const [upper, work] = [path.join(host.directory, "upper"), path.join(host.directory, "work")];
  for (const directory of [upper, work, root, ...bindMounts(host).map(({ source }) => source)]) {
    await fs.mkdir(directory, { recursive: true });
  }
  // An overlay's root shows the mode of its upper layer; some daemons refuse a root that others may not enter.
  await fs.chmod(upper, 0o755);
  const directories = `lowerdir=${layers.join(":")},upperdir=${upper},workdir=${work}`;
  await run("mount", ["-t", "overlay", "-o", directories, "overlay", root]);
  for (const { target } of bindMounts(host)) {
    await fs.mkdir(path.join(root, target), { recursive: true });
  }
  await writeIdentity(lab, host, root);
}

async function writeIdentity(lab: Lab, host: LabHost, root: string): Promise<void> {
  await fs.writeFile(path.join(root, "etc/hostname"), `${host.name}\n`);
  if (host.clusterNic)
    await fs.writeFile(path.join(root, "etc/default/ovn-kubernetes"), environmentOf(host.clusterNic));
  // Without one, systemd takes the boot for the first ever and presets every unit again.
  await fs.writeFile(path.join(root, "etc/machine-id"), `${randomUUID().replaceAll("-", "")}\n`);
  const names = lab.hosts.map((other) => `${other.address} ${other.name}\n`);
  await fs.writeFile(path.join(root, "etc/hosts"), `127.0.0.1 localhost\n::1 localhost\n${names.join("")}`);
  await fs.rm(path.join(root, "etc/resolv.conf"), { force: true });
  await fs.copyFile(machineResolvConf(), path.join(root, "etc/resolv.conf"));
  await fs.mkdir(path.join(root, "root/.ssh"), { recursive: true, mode: 0o700 });
  await fs.copyFile(`${lab.privateKeyPath}.pub`, path.join(root, "root/.ssh/authorized_keys"));
  await fs.chmod(path.join(root, "root/.ssh/authorized_keys"), 0o600);
  const hostKey = path.join(root, "etc/ssh/ssh_host_ed25519_key");
  await fs.copyFile(hostKeyPath(lab, host), hostKey);
  await fs.chmod(hostKey, 0o600);
  await fs.copyFile(`${hostKeyPath(lab, host)}.pub`, `${hostKey}.pub`);
}

/** What the units of OVN-Kubernetes read. */
function environmentOf(nic: ClusterNic): string {
  return `CLUSTER_INTERFACE=${nic.interface}\nCLUSTER_ADDRESS=${nic.address}\nCLUSTER_GATEWAY=${nic.gateway}\n`;
}

/** systemd-resolved's own file lists the servers behind its stub, which a host cannot reach. */
function machineResolvConf(): string {
  const behindStub = "/run/systemd/resolve/resolv.conf";
  return existsSync(behindStub) ? behindStub : "/etc/resolv.conf";
}

/** Unmounts and deletes all hosts of a lab, whatever there is of them. */
export async function removeHostRoots(lab: Lab): Promise<void> {
  const hosts = path.join(lab.directory, "hosts");
  // The last mounted first: one may lie below another.
  for (const point of (await mountsBelow(hosts)).reverse()) {
    await run("umount", [point]);
  }
  await fs.rm(hosts, { recursive: true, force: true });
}
