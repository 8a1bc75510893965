import fs from "node:fs/promises";
import path from "node:path";
import {
  PLATFORM,
  PROVIDER_VERSIONS,
  type Artifact,
  type Artifacts,
  type ProviderName,
} from "../../embedded/artifacts";
import type { LabFiles } from "../lab-files";

/** Terraform and OpenTofu read "hashicorp/kubernetes" as an address in their own default registry. */
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];
const PROVIDERS = Object.keys(PROVIDER_VERSIONS) as ProviderName[];

/**
 * Writes the CLI configuration that tells Terraform where this lab's providers are: in a mirror of this lab, or in the
 * registry for those that come from upstream.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#explicit-installation-method-configuration
 */
export async function writeTerraformConfiguration(files: LabFiles, artifacts: Artifacts): Promise<void> {
  const providers = PROVIDERS.map((name) => ({ name, artifact: artifacts[`provider-${name}`] }));
  const local = providers.filter(({ artifact }) => artifact.origin !== "upstream");
  await fs.rm(files.terraformMirror, { recursive: true, force: true });
  for (const { name, artifact } of local) await linkProvider(files.terraformMirror, name, artifact);
  const remote = providers.filter((provider) => !local.includes(provider));
  const text = terraformConfiguration(
    files.terraformMirror,
    local.map(({ name }) => name),
    remote.map(({ name }) => name),
  );
  await fs.writeFile(files.terraformConfig, text, { mode: 0o600 });
}

/** The text of the configuration. */
export function terraformConfiguration(mirror: string, local: readonly string[], remote: readonly string[]): string {
  const include = (names: readonly string[]): string =>
    `include = ${JSON.stringify(names.map((name) => `hashicorp/${name}`))}`;
  const methods = [
    ...(local.length > 0
      ? [`filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n    ${include(local)}\n  }`]
      : []),
    ...(remote.length > 0 ? [`direct {\n    ${include(remote)}\n  }`] : []),
  ];
  return `disable_checkpoint = true\nprovider_installation {\n  ${methods.join("\n  ")}\n}\n`;
}

async function linkProvider(mirror: string, name: ProviderName, { path: program }: Artifact): Promise<void> {
  for (const registry of REGISTRIES) {
    const directory = path.join(mirror, registry, "hashicorp", name, PROVIDER_VERSIONS[name], PLATFORM);
    await fs.mkdir(directory, { recursive: true });
    await fs.symlink(program, path.join(directory, path.basename(program)));
  }
}
