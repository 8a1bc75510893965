import fs from "node:fs/promises";
import path from "node:path";
import { buildOnce } from "../system/build-once";
import { run } from "../system/commands";
import type { Source } from "./artifact";
import { bundlePath } from "./bundle";
import { goBuild, goBuildDirectory, isBuilt, type GoBuild } from "./go-build";

const MODULE = path.join(__dirname, "../multus");
const PLUGINS_MODULE = "github.com/containernetworking/plugins";

/** Sources of the CNI plugins that a K3s release does not bring along (macvlan, ipvlan, static, tuning …), as a .tgz. */
export const cniPluginsSources: readonly Source[] = [
  async (settings) => {
    const file = bundlePath(settings, "cni-plugins.tgz");
    if (file === undefined) return undefined;
    return {
      kind: "real",
      origin: "bundle",
      version: "of the bundle",
      ready: true,
      make: async () => ({ path: file }),
    };
  },
  async (settings) => {
    const { build, version } = await pluginsBuild();
    return {
      kind: "built",
      origin: "packages",
      version: `${version}, from its Go module`,
      ready: await isBuilt(build, settings.cache),
      heavy: true,
      make: async (report) => {
        const directory = await goBuild(build, settings.cache, report);
        return { path: await pack(directory, `${await goBuildDirectory(build, settings.cache)}.tgz`) };
      },
    };
  },
];

/** The plugins are the `tool` lines of embedded/multus/go.mod. */
async function pluginsBuild(): Promise<{ build: GoBuild; version: string }> {
  const text = await fs.readFile(path.join(MODULE, "go.mod"), "utf8");
  const targets = [...text.matchAll(/^\s*(?:tool\s+)?(github\.com\/containernetworking\/plugins\/plugins\/\S+)$/gm)];
  const version = new RegExp(`${PLUGINS_MODULE} (v\\S+)`).exec(text)?.[1] ?? "unknown version";
  return {
    version,
    build: {
      name: "cni-plugins",
      moduleDirectory: MODULE,
      programs: targets.map(([, target = ""]) => ({ output: path.basename(target), target })),
      linkerValues: { [`${PLUGINS_MODULE}/pkg/utils/buildversion.BuildVersion`]: version },
    },
  };
}

/** The same programs give the same bytes, so that an unchanged lab has an empty plan. */
function pack(directory: string, target: string): Promise<string> {
  const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  return buildOnce(target, async (draft) => {
    // gzip -n leaves the time of packing out.
    await run("tar", [
      "--create",
      "--use-compress-program=gzip -n",
      `--file=${draft}`,
      ...reproducible,
      "-C",
      directory,
      ".",
    ]);
  });
}
