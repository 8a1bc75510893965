import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import type { Artifacts, Offers } from "../embedded/artifacts";
import { LabError } from "./errors";
import type { LabFiles } from "./lab-files";
import { writeWhole } from "./whole-file";

const PROVIDERS = ["provider-kubernetes", "provider-helm"] as const;

/** Remembers which artifacts a lab is made of. */
export async function recordArtifacts(files: LabFiles, artifacts: Artifacts): Promise<void> {
  await writeWhole(files.artifacts, JSON.stringify(artifacts, undefined, 1));
}

/** The artifacts that a lab was made of, unless some of them are gone, or the record cannot be read. */
export async function recordedArtifacts(files: LabFiles): Promise<Artifacts | undefined> {
  const artifacts = await fs.readFile(files.artifacts, "utf8").then(
    (text) => parsed(text),
    () => undefined,
  );
  if (artifacts === undefined) return undefined;
  return Object.values(artifacts).every(({ path }) => path === "" || existsSync(path)) ? artifacts : undefined;
}

function parsed(text: string): Artifacts | undefined {
  try {
    return JSON.parse(text) as Artifacts;
  } catch {
    return undefined;
  }
}

/** Whether the providers are the very files that a lab's lock files hold the hashes of. */
export function sameProviders(recorded: Artifacts, found: Artifacts): boolean {
  return PROVIDERS.every((name) => recorded[name].path === found[name].path);
}

/** Terraform state is not interchangeable between the real providers and the stand-ins, nor between versions. */
export function refuseToMix(recorded: Artifacts, found: Artifacts | Offers): void {
  for (const name of PROVIDERS) {
    const before = recorded[name];
    const now = found[name];
    if (before.kind === now.kind && before.version === now.version) continue;
    throw new LabError(
      `the state of this lab was made by ${name} ${before.version} (${before.kind}, from ${before.origin}, ` +
        `SHA-256 ${before.sha256 || "known to Terraform"}), but found now is ${now.version} (${now.kind}, from ${now.origin}); ` +
        'run "./lab down" first, or set LAB_BUNDLE and LAB_OFFLINE as they were',
    );
  }
}
