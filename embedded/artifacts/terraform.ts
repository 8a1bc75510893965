import path from "node:path";
import { buildOnce } from "../system/build-once";
import { run } from "../system/commands";
import type { Offer, Source } from "./artifact";
import { bundlePath } from "./bundle";
import { goBuild, isBuilt, type GoBuild } from "./go-build";
import { atLeast } from "./go-toolchain";
import { download, isReachable } from "./upstream";

/** cdktf 0.21 asks for 1.2; protocol and CLI settings used here are those of 1.5 and later. */
const OLDEST = "1.5";
const PINNED = {
  version: "1.11.4",
  url: "https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_linux_amd64.zip",
  sha256: "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
};
const TOFU = path.join(__dirname, "../tofu");
const TOFU_BUILD: GoBuild = {
  name: "tofu",
  moduleDirectory: TOFU,
  programs: [{ output: "tofu", target: "github.com/opentofu/opentofu/cmd/tofu" }],
};

/** The user's own program comes before the bundle's: it is the one that works on their state by hand. */
export const terraformSources: readonly Source[] = [
  async () => (await installed("terraform")) ?? installed("tofu"),
  async (settings) => {
    const file = bundlePath(settings, "bin/terraform") ?? bundlePath(settings, "bin/tofu");
    return file === undefined ? undefined : offerOf(file, "bundle");
  },
  async (settings) => {
    if (!(await isReachable(settings, PINNED.url))) return undefined;
    const directory = path.join(settings.cache, "upstream", `terraform-${PINNED.version}`);
    return {
      kind: "real",
      origin: "upstream",
      version: `Terraform ${PINNED.version}`,
      ready: false,
      make: async (report) => {
        const archive = await download({ ...PINNED, target: `${directory}.zip` }, report);
        const unpack = ["-m", "zipfile", "--extract", archive];
        await buildOnce(directory, async (draft) => void (await run("python3", [...unpack, draft])));
        const file = path.join(directory, "terraform");
        await run("chmod", ["755", file]);
        return { path: file };
      },
    };
  },
  async (settings) => ({
    kind: "built",
    origin: "packages",
    version: "OpenTofu, from its Go module",
    ready: await isBuilt(TOFU_BUILD, settings.cache),
    heavy: true,
    make: async (report) => ({ path: path.join(await goBuild(TOFU_BUILD, settings.cache, report), "tofu") }),
  }),
];

async function installed(program: string): Promise<Offer | undefined> {
  const found = await run("which", [program]).catch(() => undefined);
  return found === undefined ? undefined : offerOf(found.stdout.trim(), "machine");
}

async function offerOf(file: string, origin: "machine" | "bundle"): Promise<Offer | undefined> {
  const version = await terraformVersion(file);
  if (version === undefined || !atLeast(version, OLDEST)) return undefined;
  const product = path.basename(file) === "tofu" ? "OpenTofu" : "Terraform";
  return { kind: "real", origin, version: `${product} ${version}`, ready: true, make: async () => ({ path: file }) };
}

/** Both products answer under the key of the older one. */
async function terraformVersion(file: string): Promise<string | undefined> {
  const answer = await run(file, ["version", "-json"], { env: { CHECKPOINT_DISABLE: "1" } }).catch(() => undefined);
  if (answer === undefined) return undefined;
  const { terraform_version: version } = JSON.parse(answer.stdout) as { terraform_version?: string };
  return version;
}
