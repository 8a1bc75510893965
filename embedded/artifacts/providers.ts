import fs from "node:fs/promises";
import path from "node:path";
import type { Offer, Source } from "./artifact";
import { bundlePath } from "./bundle";
import { goBuild, isBuilt, type GoBuild } from "./go-build";
import { isReachable } from "./upstream";

/** The versions that the npm bindings of this project ask for, exactly. */
export const PROVIDER_VERSIONS = { kubernetes: "2.38.0", helm: "3.1.1" } as const;

/** Short name of a provider under `hashicorp/`. */
export type ProviderName = keyof typeof PROVIDER_VERSIONS;

/** Folder names of a platform in a filesystem mirror, https://developer.hashicorp.com/terraform/cli/config/config-file#explicit-installation-method-configuration */
export const PLATFORM = "linux_amd64";

const REGISTRY = "https://registry.terraform.io";

const STAND_INS: GoBuild = {
  name: "providers",
  moduleDirectory: path.join(__dirname, "../provider"),
  programs: [program("kubernetes"), program("helm")],
};

/** Sources of one provider. The machine's own plugin cache is not asked: it may hold anything. */
export function providerSources(name: ProviderName): readonly Source[] {
  const version = PROVIDER_VERSIONS[name];
  return [
    async (settings) => {
      const address = ["terraform-mirror", "registry.terraform.io", "hashicorp", name, version, PLATFORM];
      const directory = bundlePath(settings, ...address);
      return directory === undefined ? undefined : bundled(directory, version);
    },
    async (settings) => {
      if (!(await isReachable(settings, REGISTRY))) return undefined;
      // Terraform fetches it at `init` and checks the publisher's signature itself.
      return { kind: "real", origin: "upstream", version, ready: true, make: async () => ({ path: "" }) };
    },
    async (settings) => ({
      kind: "stand-in",
      origin: "packages",
      version,
      ready: await isBuilt(STAND_INS, settings.cache),
      heavy: true,
      make: async (report) => {
        const directory = await goBuild(STAND_INS, settings.cache, report);
        return { path: path.join(directory, program(name).output) };
      },
    }),
  ];
}

function program(name: ProviderName): { output: string; target: string } {
  const base = `terraform-provider-${name}`;
  return { output: `${base}_v${PROVIDER_VERSIONS[name]}`, target: `./cmd/${base}` };
}

/** The publisher names the program with or without an `_x5` suffix for its protocol. */
async function bundled(directory: string, version: string): Promise<Offer | undefined> {
  const file = (await fs.readdir(directory)).find((entry) => entry.startsWith("terraform-provider-"));
  if (file === undefined) return undefined;
  const make = async (): Promise<{ path: string }> => ({ path: path.join(directory, file) });
  return { kind: "real", origin: "bundle", version, ready: true, make };
}
