import fs from "node:fs/promises";
import path from "node:path";
import { machineCgroupMode } from "../hosts/cgroups";
import { run } from "../system/commands";
import type { Offer, Source } from "./artifact";
import { bundlePath } from "./bundle";
import { goBuild, isBuilt, type GoBuild } from "./go-build";
import { download, isReachable } from "./upstream";

/**
 * The stand-in's Kubernetes: the last minor release that takes a machine with cgroup v1 as it is. K3s' releases too carry their
 * own mark in what nodes and API server say of themselves.
 */
const STAND_IN_VERSION = "v1.34.4+k3s1-embedded";

/** The digest is the one of the release's own sha256sum-amd64.txt, compared with three independent packagings of it. */
const RELEASE = {
  version: "v1.36.2+k3s1",
  url: "https://github.com/k3s-io/k3s/releases/download/v1.36.2%2Bk3s1/k3s",
  sha256: "65a55ec56c24eab44383086166ec620a491952b7e23941a49ddca6e8a4c4b4de",
};

/** The k3s stand-in; the program `pause` is embedded into it as the pods' sandbox image. */
const STAND_IN: GoBuild = {
  name: "k3s",
  moduleDirectory: path.join(__dirname, "../kubernetes"),
  programs: [
    { output: "pause", target: "./pause", embedAs: "internal/pauseimage/program/pause" },
    { output: "k3s", target: "." },
  ],
  linkerValues: versionValues("k8s.io/component-base/version", "k8s.io/client-go/pkg/version"),
};

/** What Kubernetes' own build stamps into the packages that keep a version (hack/lib/version.sh there). */
function versionValues(...packages: string[]): Record<string, string> {
  const [, major = "", minor = ""] = /^v(\d+)\.(\d+)\./.exec(STAND_IN_VERSION) ?? [];
  const values = { gitVersion: STAND_IN_VERSION, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  return Object.fromEntries(
    packages.flatMap((name) => Object.entries(values).map(([variable, value]) => [`${name}.${variable}`, value])),
  );
}

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
    if (!(await isReachable(settings, RELEASE.url))) return undefined;
    // Kubernetes 1.35 and later refuse cgroup v1 unless told otherwise.
    if ((await machineCgroupMode()).kind !== "unified") return undefined;
    const target = path.join(settings.cache, "upstream", `k3s-${RELEASE.version}`);
    return {
      kind: "real",
      origin: "upstream",
      version: RELEASE.version,
      ready: false,
      make: async (report) => ({ path: await download({ ...RELEASE, target }, report) }),
    };
  },
  async (settings) => ({
    kind: "stand-in",
    origin: "packages",
    version: STAND_IN_VERSION,
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
