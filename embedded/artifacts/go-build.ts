import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { buildOnce } from "../system/build-once";
import { run } from "../system/commands";
import type { Report } from "./artifact";
import { ensureGo, findGo } from "./go-toolchain";

/** One program of a Go module under embedded/. */
export interface GoProgram {
  /** File name of the program. */
  readonly output: string;
  /** Package to build, as `go build` takes it. */
  readonly target: string;
  /** Path inside the module where the next program of this build finds this one, to embed it. */
  readonly embedAs?: string;
}

/** How to build the programs of one module; they are kept together in one directory of the cache. */
export interface GoBuild {
  readonly name: string;
  readonly moduleDirectory: string;
  /** In the order in which they are built. */
  readonly programs: readonly GoProgram[];
  /** Values for `-X`, e.g. version strings. */
  readonly linkerValues?: Readonly<Record<string, string>>;
}

/** Cache directory of a build, named by all that goes into it. */
export async function goBuildDirectory(build: GoBuild, cache: string): Promise<string> {
  const toolchain = await findGo(cache);
  const version = "missing" in toolchain ? "installed-later" : toolchain.version;
  return path.join(cache, "go", `${build.name}-${await buildKey(build, version)}`);
}

/** Whether the build is in the cache. */
export async function isBuilt(build: GoBuild, cache: string): Promise<boolean> {
  return existsSync(await goBuildDirectory(build, cache));
}

/** Builds the programs unless the cache has them; returns their directory. */
export async function goBuild(build: GoBuild, cache: string, report: Report): Promise<string> {
  const { program } = await ensureGo(cache, report);
  return buildOnce(await goBuildDirectory(build, cache), async (draft) => {
    await fs.mkdir(draft, { recursive: true });
    for (const { output, target, embedAs } of build.programs) {
      report(`go build ${output}`);
      const file = path.join(draft, output);
      const args = [
        "-C",
        build.moduleDirectory,
        "build",
        "-trimpath",
        "-ldflags",
        linkerFlags(build),
        "-o",
        file,
        target,
      ];
      // Niced: a build of many minutes leaves the machine usable.
      await run("nice", ["-n", "10", program, ...args], {
        env: { CGO_ENABLED: "0", GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false" },
        timeoutMilliseconds: 40 * 60_000,
        onStderrLine: report,
      });
      if (embedAs !== undefined) await fs.copyFile(file, path.join(build.moduleDirectory, embedAs));
    }
  });
}

function linkerFlags({ linkerValues = {} }: GoBuild): string {
  const values = Object.entries(linkerValues).map(([name, value]) => `-X ${name}=${value}`);
  return ["-s", "-w", ...values].join(" ");
}

async function buildKey(build: GoBuild, goVersion: string): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([goVersion, build.programs, linkerFlags(build)]));
  for (const file of await sourceFiles(build)) {
    hash.update(`\0${file}\0`).update(await fs.readFile(path.join(build.moduleDirectory, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Tests, read-mes and what the build itself writes into the module do not change its result. */
async function sourceFiles({ moduleDirectory, programs }: GoBuild): Promise<string[]> {
  const written = new Set(programs.flatMap(({ output, embedAs }) => [output, embedAs ?? output]));
  const entries = await fs.readdir(moduleDirectory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/(_test\.go|\.ts|\.md|\.gitignore)$/.test(entry.name))
    .map((entry) => path.relative(moduleDirectory, path.join(entry.parentPath, entry.name)))
    .filter((file) => !written.has(file))
    .sort();
}
