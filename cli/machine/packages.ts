import { accessSync, constants } from "node:fs";
import path from "node:path";
import { findGo } from "../../embedded/artifacts";
import { run } from "../../embedded/system/commands";
import { unsupported } from "./platform";
import { LAB_PROGRAMS, PYTHON_PACKAGES, type Programs } from "./programs";

/** Debian packages that are missing on this machine, for these programs and for a Go where there is none. */
export async function missingPackages(cache: string, programs: Programs = LAB_PROGRAMS): Promise<string[]> {
  const packages = missingPrograms(programs).map((program) => programs[program] ?? program);
  const needsPython = "missing" in (await findGo(cache)) && !(await hasVenv());
  return [...new Set([...packages, ...(needsPython ? PYTHON_PACKAGES : [])])];
}

/** Those of the programs that are not on the PATH. */
export function missingPrograms(programs: Programs): string[] {
  return Object.keys(programs).filter((program) => !isOnPath(program));
}

/** Whether this process can install Debian packages. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && isOnPath("apt-get");
}

/** Installs packages with apt-get; on another distribution says which to install by hand. */
export async function installPackages(packages: readonly string[], note: (text: string) => void): Promise<void> {
  if (!isOnPath("apt-get")) {
    throw unsupported([`the programs of these (Debian) packages, to be installed by hand: ${packages.join(" ")}`]);
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  note("apt-get update");
  await run("apt-get", ["update", "-qq"], { env, timeoutMilliseconds: 300_000 });
  note(`apt-get install ${packages.join(" ")}`);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    env,
    timeoutMilliseconds: 900_000,
  });
}

/** Whether a program is on the PATH. */
export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(":").some((directory) => {
    try {
      accessSync(path.join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether Python can make a virtual environment, which Debian packs apart. */
export async function hasVenv(): Promise<boolean> {
  return run("python3", ["-c", "import ensurepip, venv"]).then(
    () => true,
    () => false,
  );
}
