import fs from "node:fs/promises";
import path from "node:path";
import { run } from "../system/commands";
import { type ArtifactSettings, sha256Of } from "./artifact";
import { bundlePath } from "./bundle";

/** OVN-Kubernetes as a bundle has it. */
export interface OvnKubernetes {
  /** Absolute paths of its two programs. */
  readonly ovnkube: string;
  readonly cniPlugin: string;
  /** As `ovnkube --version` says it, else the digest's first digits. */
  readonly version: string;
}

const PROGRAMS = { ovnkube: "bin/ovnkube", cniPlugin: "bin/ovn-k8s-cni-overlay" } as const;

/** The version whose databases are those of the OVN in the hosts. */
const FITTING = "v1.1.0";

/**
 * OVN-Kubernetes of the bundle. Its programs come from nowhere else: its module is not to be had as a package, and its releases are
 * container images only.
 *
 * @throws Error that names what is missing and where it goes.
 */
export async function ovnKubernetesOf(settings: ArtifactSettings): Promise<OvnKubernetes> {
  const missing = Object.values(PROGRAMS).filter((program) => bundlePath(settings, program) === undefined);
  const [ovnkube, cniPlugin] = [bundlePath(settings, PROGRAMS.ovnkube), bundlePath(settings, PROGRAMS.cniPlugin)];
  if (ovnkube === undefined || cniPlugin === undefined) {
    const where = settings.bundle === undefined ? "a directory that LAB_BUNDLE names" : path.resolve(settings.bundle);
    throw new Error(
      `OVN-Kubernetes is not possible here: put ${missing.join(" and ")} of its release ${FITTING} into ${where}`,
    );
  }
  for (const program of [ovnkube, cniPlugin])
    await fs.access(program, fs.constants.X_OK).catch(() => {
      throw new Error(`${program} must be executable; use chmod +x`);
    });
  return {
    ovnkube: await fs.realpath(ovnkube),
    cniPlugin: await fs.realpath(cniPlugin),
    version: await versionOf(ovnkube),
  };
}

async function versionOf(ovnkube: string): Promise<string> {
  const answer = await run(ovnkube, ["--version"]).catch(() => undefined);
  const version = /ersion:?\s+(\S+)/.exec(answer?.stdout ?? "")?.[1];
  return version ?? (await sha256Of(ovnkube)).slice(0, 12);
}
