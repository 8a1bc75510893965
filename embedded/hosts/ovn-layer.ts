import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { buildOnce, labCache } from "../system/build-once";
import { OVN_SUITE, type OnProgress, runMmdebstrap } from "../system/mmdebstrap";
import { fileContents, replaceByLink } from "./rootfs";

/** Open vSwitch and OVN, and what sets their bridge up. */
const PACKAGES = ["openvswitch-switch", "ovn-host", "ovn-central", "iproute2", "ethtool"];
const LEFT_OUT = ["doc", "man", "locale", "info", "lintian", "bash-completion"];

/** Started at boot; the others follow from these. */
const ENABLED_UNITS = ["ovs-vswitchd.service", "ovnkube.path", "ovnkube-cluster-manager.path", "ovn-reset.path"];

/** Files that are copied into the layer as they are. */
const FILES = path.join(__dirname, "ovn-kubernetes");

/**
 * What lies over the root of a host whose cluster has OVN-Kubernetes, the uppermost first: units, and below /opt/ovn a root of a
 * newer Debian with Open vSwitch and OVN. The host itself stays what it is: systemd of that Debian refuses machines with cgroup v1.
 */
export async function ovnLayers(options: { cache?: string; onProgress?: OnProgress } = {}): Promise<string[]> {
  const { cache = labCache(), onProgress } = options;
  const units = layerPath(cache, "ovn-units", [ENABLED_UNITS, await fileContents(FILES)]);
  const root = layerPath(cache, "ovn-root", [OVN_SUITE, PACKAGES, LEFT_OUT]);
  return [
    await buildOnce(units, copyUnits),
    await buildOnce(root, (draft) => installOvn(path.join(draft, "opt/ovn"), onProgress)),
  ];
}

function layerPath(cache: string, name: string, recipe: readonly unknown[]): string {
  const key = createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 16);
  return path.join(cache, "rootfs", `${name}-${key}`);
}

async function installOvn(target: string, onProgress?: OnProgress): Promise<void> {
  await fs.mkdir(path.dirname(target), { recursive: true });
  await runMmdebstrap({
    suite: OVN_SUITE,
    variant: "minbase",
    packages: PACKAGES,
    leftOut: LEFT_OUT,
    target,
    onProgress,
  });
}

async function copyUnits(draft: string): Promise<void> {
  await fs.cp(FILES, draft, { recursive: true, verbatimSymlinks: true });
  const wanted = path.join(draft, "etc/systemd/system/multi-user.target.wants");
  await fs.mkdir(wanted, { recursive: true });
  for (const unit of ENABLED_UNITS) await replaceByLink(path.join(wanted, unit), `../${unit}`);
}
