import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { buildOnce, labCache } from "../system/build-once";
import { DEBIAN_SUITE, type OnProgress, runMmdebstrap } from "../system/mmdebstrap";

/** What a lab host has installed: an init, a way in, a container engine, and what kubelet and kube-proxy call. */
/** Debian packages of a host. */
export const HOST_PACKAGES = [
  ...["systemd", "systemd-sysv", "dbus", "openssh-server", "procps", "kmod", "ca-certificates"],
  ...["iproute2", "iputils-ping", "iptables", "nftables", "conntrack", "ethtool", "socat"],
  ...["containerd", "runc"],
];

/** Nobody reads these in a host. */
const LEFT_OUT = ["doc", "man", "locale", "info", "lintian", "bash-completion"];

/**
 * Units that a lab host has no use for. containerd is started by K3s, with a configuration of its own. The sysctl files
 * of Debian set values that are not namespaced, which would change the machine.
 */
const MASKED_UNITS = [
  ...["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"],
  ...["systemd-tmpfiles-clean.timer", "e2scrub_reap.service", "getty@.service", "getty-static.service"],
  ...["console-getty.service", "systemd-logind.service", "systemd-firstboot.service", "systemd-journal-flush.service"],
  ...["systemd-binfmt.service", "systemd-modules-load.service", "systemd-pstore.service", "containerd.service"],
  ...["dev-hugepages.mount", "dev-mqueue.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount"],
  ...["sys-kernel-config.mount", "sys-fs-fuse-connections.mount", "proc-sys-fs-binfmt_misc.automount"],
];
const MASKED_SYSCTL_FILES = ["50-pid-max.conf", "99-protect-links.conf"];

/** Files that are copied into the root as they are. */
const FILES = path.join(__dirname, "rootfs");

/** The read-only lower layer of every host: built once, kept in the cache under a key of what it is made from. */
export async function hostRootfs(options: { cache?: string; onProgress?: OnProgress } = {}): Promise<string> {
  return buildOnce(await hostRootfsPath(options.cache), (draft) => build(draft, options.onProgress));
}

/** Where the cache keeps it, built or not. */
export async function hostRootfsPath(cache = labCache()): Promise<string> {
  const recipe = JSON.stringify([
    DEBIAN_SUITE,
    HOST_PACKAGES,
    LEFT_OUT,
    MASKED_UNITS,
    MASKED_SYSCTL_FILES,
    await fileContents(FILES),
  ]);
  const key = createHash("sha256").update(recipe).digest("hex").slice(0, 16);
  return path.join(cache, "rootfs", key);
}

async function build(draft: string, onProgress?: OnProgress): Promise<void> {
  await runMmdebstrap({
    variant: "minbase",
    packages: HOST_PACKAGES,
    leftOut: LEFT_OUT,
    target: draft,
    onProgress,
  });
  await fs.cp(FILES, draft, { recursive: true });
  const systemd = path.join(draft, "etc/systemd/system");
  for (const unit of MASKED_UNITS) {
    await replaceByLink(path.join(systemd, unit), "/dev/null");
  }
  for (const file of MASKED_SYSCTL_FILES) {
    await replaceByLink(path.join(draft, "etc/sysctl.d", file), "/dev/null");
  }
  await fs.mkdir(path.join(systemd, "sysinit.target.wants"), { recursive: true });
  await replaceByLink(path.join(systemd, "sysinit.target.wants/lab-early.service"), "../lab-early.service");
  // Each host gets a key and an identity of its own before it boots.
  for (const entry of await fs.readdir(path.join(draft, "etc/ssh"))) {
    if (entry.startsWith("ssh_host_")) {
      await fs.rm(path.join(draft, "etc/ssh", entry));
    }
  }
  await fs.rm(path.join(draft, "etc/machine-id"), { force: true });
}

/** Names and contents in a fixed order: the part of a recipe that is in files. */
export async function fileContents(directory: string): Promise<string[]> {
  const contents: string[] = [];
  for (const name of (await fs.readdir(directory, { recursive: true })).sort()) {
    const file = path.join(directory, name);
    if ((await fs.stat(file)).isFile()) {
      contents.push(name, await fs.readFile(file, "utf8"));
    }
  }
  return contents;
}

export async function replaceByLink(file: string, target: string): Promise<void> {
  await fs.rm(file, { force: true });
  await fs.symlink(target, file);
}
