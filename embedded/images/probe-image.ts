import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { run } from "../system/commands";
import { DEBIAN_SUITE, type OnProgress, runMmdebstrap } from "../system/mmdebstrap";
import { cachedArchive, cacheEntry } from "./cached-archive";
import type { OciArchive } from "./oci-archive";

/** Node.js runs the probe; socat is the documents' own check; busybox gives a shell and `hostname` in 2 MB. */
/** Debian packages of the image. */
export const PROBE_PACKAGES = ["nodejs", "socat", "iproute2", "iperf", "ethtool", "busybox-static"];

/** Directories of /usr/share that no program in the image reads. */
const LEFT_OUT = ["doc", "man", "locale", "info", "lintian", "zoneinfo", "perl", "perl5", "debconf", "nodejs/@types"];

/** What the packages bring along besides, and only other programs would use. */
const REMOVED = [
  "usr/lib/x86_64-linux-gnu/gconv",
  "usr/lib/x86_64-linux-gnu/perl-base",
  "var/lib",
  "var/cache",
  "var/log",
];

const PASSWD = "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n";
const GROUP = "root:x:0:\nnogroup:x:65534:\n";

const IMAGE = {
  repository: "lab.local/probe",
  tag: "1",
  config: {
    Env: ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"],
    User: "65534:65534",
    Cmd: ["node", "--version"],
  },
  recipe: [DEBIAN_SUITE, PROBE_PACKAGES, LEFT_OUT, REMOVED, PASSWD, GROUP],
};

/** The image of verification pods: needs neither root nor a writable root directory. */
export function probeImage(options: { cache?: string; onProgress?: OnProgress } = {}): Promise<OciArchive> {
  const fill = async (root: string): Promise<void> => {
    options.onProgress?.("building the probe image");
    await fillRoot(root, options.onProgress);
  };
  return cachedArchive({ ...IMAGE, cache: options.cache, fill });
}

/** Whether {@link probeImage} has nothing to make. */
export function isProbeImageCached(cache?: string): boolean {
  return existsSync(cacheEntry({ ...IMAGE, cache }));
}

async function fillRoot(root: string, onProgress?: OnProgress): Promise<void> {
  // "extract": no maintainer script runs, so neither dpkg, apt, perl nor the essential packages have to be in the image.
  await runMmdebstrap({ variant: "extract", packages: PROBE_PACKAGES, leftOut: LEFT_OUT, target: root, onProgress });
  for (const directory of [...REMOVED, "dev"]) {
    await fs.rm(path.join(root, directory), { recursive: true, force: true });
  }
  await fs.writeFile(path.join(root, "etc/passwd"), PASSWD);
  await fs.writeFile(path.join(root, "etc/group"), GROUP);
  await linkApplets(root);
}

/** Gives busybox's commands their names, where no program of that name is there already. */
async function linkApplets(root: string): Promise<void> {
  const directories = ["bin", "sbin", "usr/bin", "usr/sbin"];
  const present = new Set((await Promise.all(directories.map((name) => fs.readdir(path.join(root, name))))).flat());
  const { stdout } = await run(path.join(root, "bin/busybox"), ["--list"]);
  for (const applet of stdout.split("\n").filter((name) => name !== "" && !present.has(name))) {
    await fs.symlink("busybox", path.join(root, "bin", applet));
  }
}
