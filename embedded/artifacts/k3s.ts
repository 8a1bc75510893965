import fs from "node:fs/promises";
import path from "node:path";
import { run } from "../system/commands";
import type { Offer, Source } from "./artifact";
import { bundlePath } from "./bundle";
import { goBuild, isBuilt, type GoBuild } from "./go-build";
import { download, isReachable, publishedDigest } from "./upstream";

/** The release that the stand-in stands in for, and its Kubernetes. */
const KUBERNETES = "v1.34.4";
const RELEASE = `${KUBERNETES}+k3s1`;
const RELEASE_URL = `https://github.com/k3s-io/k3s/releases/download/${encodeURIComponent(RELEASE)}`;

/** The k3s stand-in; the program `pause` is embedded into it as the pods' sandbox image. */
const STAND_IN: GoBuild = {
  name: "k3s",
  moduleDirectory: path.join(__dirname, "../kubernetes"),
  programs: [
    { output: "pause", target: "./pause", embedAs: "internal/pauseimage/program/pause" },
    { output: "k3s", target: "." },
  ],
  linkerValues: {
    "k8s.io/component-base/version.gitVersion": KUBERNETES,
    "k8s.io/component-base/version.gitMajor": "1",
    "k8s.io/component-base/version.gitMinor": "34",
    "k8s.io/component-base/version.gitTreeState": "clean",
  },
};

/** Sources of the `k3s` program. */
export const k3sSources: readonly Source[] = [
  async (settings) => {
    const file = bundlePath(settings, "bin/k3s");
    if (file === undefined) return undefined;
    const version = (await k3sVersion(file)) ?? "unknown version";
    const make = async (): Promise<{ path: string; imageArchives: string[] }> => ({
      path: file,
      imageArchives: await airgapArchives(bundlePath(settings, "images")),
    });
    return { kind: version.includes("embedded") ? "stand-in" : "real", origin: "bundle", version, ready: true, make };
  },
  async (settings) => {
    if (!(await isReachable(settings, RELEASE_URL))) return undefined;
    return {
      kind: "real",
      origin: "upstream",
      version: RELEASE,
      ready: false,
      make: async (report) => {
        const sha256 = await publishedDigest(`${RELEASE_URL}/sha256sum-amd64.txt`, "k3s");
        const target = path.join(settings.cache, "upstream", `k3s-${RELEASE}-${sha256.slice(0, 16)}`);
        return { path: await download({ url: `${RELEASE_URL}/k3s`, sha256, target }, report) };
      },
    };
  },
  async (settings) => ({
    kind: "stand-in",
    origin: "packages",
    version: `${RELEASE}-embedded`,
    ready: await isBuilt(STAND_IN, settings.cache),
    heavy: true,
    make: async (report) => ({ path: path.join(await goBuild(STAND_IN, settings.cache, report), "k3s") }),
  }),
];

/** kubectl on the PATH, else the one inside the k3s program. */
export const kubectlSources: readonly Source[] = [
  async () => kubectlAt(await onPath("kubectl"), "machine"),
  async (settings) => kubectlAt(bundlePath(settings, "bin/kubectl"), "bundle"),
  ...k3sSources.map((source): Source => async (settings) => {
    const offer = await source(settings);
    return offer && { ...offer, version: `of k3s ${offer.version}` };
  }),
];

async function kubectlAt(file: string | undefined, origin: "machine" | "bundle"): Promise<Offer | undefined> {
  if (file === undefined) return undefined;
  const answer = await run(file, ["version", "--client", "--output=json"]).catch(() => undefined);
  if (answer === undefined) return undefined;
  const { clientVersion } = JSON.parse(answer.stdout) as { clientVersion: { gitVersion: string } };
  return { kind: "real", origin, version: clientVersion.gitVersion, ready: true, make: async () => ({ path: file }) };
}

async function onPath(program: string): Promise<string | undefined> {
  const found = await run("which", [program]).catch(() => undefined);
  return found?.stdout.trim();
}

async function k3sVersion(file: string): Promise<string | undefined> {
  const answer = await run(file, ["--version"]).catch(() => undefined);
  return /k3s version (\S+)/.exec(answer?.stdout ?? "")?.[1];
}

/** Archives by the names under which a K3s release publishes its images. */
async function airgapArchives(directory: string | undefined): Promise<string[]> {
  if (directory === undefined) return [];
  const names = await fs.readdir(directory);
  return names.filter((name) => /^k3s-airgap-images-.*\.tar/.test(name)).map((name) => path.join(directory, name));
}
