import type { CniPaths } from "./cluster";
import { filePath, oneOf, sha256 } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** What carries the pods' own network between nodes; `none`: another program that the user installs (https://docs.k3s.io/networking/basic-network-options). */
export type FlannelBackend = "vxlan" | "host-gw" | "wireguard-native" | "none";

/** A file on the machine that runs Terraform, pinned by content. */
export interface FileArtifact {
  /** Path of the file; `~/` stands for the home directory. */
  readonly path: string;
  /** SHA-256 digest of the file, 64 lower-case hex digits; checked on each host before the file is put in its place. */
  readonly sha256: string;
}

/** A file that the machine that runs Terraform downloads once, pinned by content; the hosts need no way there. */
export interface DownloadArtifact {
  /** Where the file is: an `https://` address, or `http://` of a server of one's own, since only the digest decides. */
  readonly url: string;
  /** SHA-256 digest of the file, 64 lower-case hex digits. */
  readonly sha256: string;
}

/** One release of K3s. */
export interface K3sRelease {
  /** Version as K3s writes it, e.g. `v1.36.2+k3s1`; it decides about the node's CNI directories. */
  readonly version: string;
  /** The `k3s` program for the hosts' architecture. */
  readonly binary: FileArtifact | DownloadArtifact;
  /**
   * Architecture of the program, as `uname -m` says it.
   *
   * @default "x86_64"
   */
  readonly architecture?: "x86_64" | "aarch64";
}

/**
 * The release that is installed unless told otherwise. The digest is the one of the release's own `sha256sum-amd64.txt`
 * (https://github.com/k3s-io/k3s/releases/tag/v1.36.2%2Bk3s1), compared with three independent packagings of it.
 */
export const DEFAULT_K3S_RELEASE: K3sRelease = {
  version: "v1.36.2+k3s1",
  binary: {
    url: "https://github.com/k3s-io/k3s/releases/download/v1.36.2%2Bk3s1/k3s",
    sha256: "65a55ec56c24eab44383086166ec620a491952b7e23941a49ddca6e8a4c4b4de",
  },
};

/** Every component that K3s packages and can leave out (https://docs.k3s.io/installation/packaged-components). */
export const PACKAGED_COMPONENTS: readonly string[] = [
  "traefik",
  "servicelb",
  "metrics-server",
  "coredns",
  "local-storage",
];

const versionForm = /^v1\.(\d{1,3})\.(\d{1,3})(?:-[a-z0-9.]{1,20})?\+k3s\d[A-Za-z0-9.-]{0,40}$/;

/** The first patch of each minor release with a CNI directory that stays over upgrades (https://docs.k3s.io/networking/multus-ipams). */
const firstPatchWithStableCni: ReadonlyMap<number, number> = new Map([
  [28, 15],
  [29, 10],
  [30, 6],
  [31, 2],
]);

/** Whether CNI plugins can be put into the release's own directory before its first start and stay there over upgrades. */
export function hasStableCniDirectory(version: string): boolean {
  const [, minor = NaN, patch = NaN] = (versionForm.exec(version) ?? []).map(Number);
  return minor > 31 || patch >= (firstPatchWithStableCni.get(minor) ?? Infinity);
}

/**
 * Where the nodes of a K3s release keep their CNI files: where another program makes the default network, in containerd's own
 * places (https://docs.k3s.io/networking/basic-network-options#custom-cni), else in K3s' own.
 */
export function k3sCniPaths(version: string, flannelBackend: FlannelBackend = "vxlan"): CniPaths {
  if (flannelBackend === "none") return { confDir: "/etc/cni/net.d", binDir: "/opt/cni/bin" };
  return {
    confDir: "/var/lib/rancher/k3s/agent/etc/cni/net.d",
    binDir: hasStableCniDirectory(version) ? "/var/lib/rancher/k3s/data/cni" : "/var/lib/rancher/k3s/data/current/bin",
  };
}

/** A release as K3s writes it. */
export const k3sVersion: Rule<string> = (value) =>
  versionForm.test(value)
    ? undefined
    : { must: "be a K3s version", use: 'a release like "v1.36.2+k3s1" (https://github.com/k3s-io/k3s/releases)' };

export const webAddress: Rule<string> = (value) =>
  /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?\/[A-Za-z0-9._~%/+@:=?&-]*$/.test(value)
    ? undefined
    : {
        must: "be an https or http address without user, blanks or quotes",
        use: 'an address like "https://example.com/k3s"',
      };

/** Where a pinned file is, as the user wrote it. */
export function locationOf(artifact: FileArtifact | DownloadArtifact): string {
  return "path" in artifact ? artifact.path : artifact.url;
}

/** Records what is wrong with a pinned file; `rules` are on its name. */
export function checkArtifact(
  faults: Faults,
  field: string,
  artifact: FileArtifact | DownloadArtifact,
  ...rules: readonly Rule<string>[]
): void {
  if ("path" in artifact) faults.check(`${field}.path`, artifact.path, filePath, ...rules);
  else faults.check(`${field}.url`, artifact.url, webAddress, ...rules);
  faults.check(`${field}.sha256`, artifact.sha256, sha256);
}

/** Records what is wrong with a release. */
export function checkRelease(faults: Faults, release: K3sRelease): void {
  faults
    .check("release.version", release.version, k3sVersion)
    .check("release.architecture", release.architecture, oneOf(["x86_64", "aarch64"]));
  checkArtifact(faults, "release.binary", release.binary);
}
