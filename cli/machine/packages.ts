import { accessSync, constants } from "node:fs";
import path from "node:path";
import { findGo } from "../../embedded/artifacts";
import { run } from "../../embedded/system/commands";
import { unsupported } from "./platform";

/** Programs that a lab calls, and the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "systemd-nspawn": "systemd-container",
  mmdebstrap: "mmdebstrap",
  ip: "iproute2",
  nft: "nftables",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  unshare: "util-linux",
  mount: "mount",
  tar: "tar",
  gzip: "gzip",
  which: "debianutils",
};

/** Debian's virtual environments need a package of their own; a Go from PyPI is installed into one. */
const PYTHON = ["python3", "python3-venv"];

/** What the project's own tests call beside that. */
const TEST_PROGRAMS: Readonly<Record<string, string>> = {
  shellcheck: "shellcheck",
  sshd: "openssh-server",
  containerd: "containerd",
};

/** Packages that are missing on this machine for a lab, and for the project's tests where they are to be run. */
export async function missingPackages(cache: string, forTests = false): Promise<string[]> {
  const programs = { ...PROGRAMS, ...(forTests ? TEST_PROGRAMS : {}) };
  const packages = Object.entries(programs).flatMap(([program, name]) => (isOnPath(program) ? [] : [name]));
  const needsPython = "missing" in (await findGo(cache)) && !(await hasVenv());
  return [...new Set([...packages, ...(needsPython ? PYTHON : [])])];
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

async function hasVenv(): Promise<boolean> {
  return run("python3", ["-c", "import ensurepip, venv"]).then(
    () => true,
    () => false,
  );
}
