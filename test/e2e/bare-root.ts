import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { run } from "../../embedded/system/commands";
import { runMmdebstrap } from "../../embedded/system/mmdebstrap";
import { root as repository } from "../helpers/source-files";

/** Not below /tmp, which is memory on some systems: the system grows to 5 GB. */
const PLACE = "/var/tmp";
const PREFIX = "multicast-lab-bare-";
const PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Files by which this machine reaches its package registries, and where they are in the new system. */
const FILES: Readonly<Record<string, string>> = {
  "/etc/resolv.conf": "/etc/resolv.conf",
  "/usr/local/share/ca-certificates": "/usr/local/share/ca-certificates",
  "/etc/ssl/certs/ca-certificates.crt": "/etc/ssl/certs/ca-certificates.crt",
  "/etc/apt/auth.conf": "/etc/apt/auth.conf",
  "/etc/apt/auth.conf.d": "/etc/apt/auth.conf.d",
  "/etc/pip.conf": "/etc/pip.conf",
  [path.join(os.homedir(), ".config/pip/pip.conf")]: "/root/.config/pip/pip.conf",
  [path.join(os.homedir(), ".npmrc")]: "/root/.npmrc",
  [path.join(os.homedir(), ".config/go/env")]: "/root/.config/go/env",
};

/** Variables of the same kind; those that name a file name one of the above. */
const VARIABLES =
  /^(https?_proxy|no_proxy|all_proxy|SSL_CERT_(FILE|DIR)|(CURL|REQUESTS)_CA_BUNDLE|NODE_EXTRA_CA_CERTS|PIP_(INDEX_URL|EXTRA_INDEX_URL|CERT|PROXY|TRUSTED_HOST|DEFAULT_TIMEOUT)|npm_config_(registry|cafile|.*proxy)|GO(PROXY|SUMDB|NOSUMDB|NOSUMCHECK|PRIVATE|NOPROXY|INSECURE)|LAB_DEBIAN_MIRROR)$/i;

/** A Debian system with nothing but git and certificates, that reaches the registries as this machine does. */
export class BareRoot {
  private constructor(private readonly directory: string) {}

  /** Makes one; takes a minute. */
  public static async make(): Promise<BareRoot> {
    await removeLeftovers();
    const directory = path.join(PLACE, `${PREFIX}${process.pid}`);
    await runMmdebstrap({ variant: "minbase", packages: ["ca-certificates", "git"], leftOut: [], target: directory });
    for (const [source, target] of Object.entries(FILES)) {
      if (existsSync(source)) await fs.cp(source, path.join(directory, target), { recursive: true, dereference: true });
    }
    await fs.writeFile(path.join(directory, "etc/apt/apt.conf.d/99machine"), await acquireOptions());
    await run("git", ["clone", "--quiet", "--no-hardlinks", repository, path.join(directory, "root/multicast-lab")]);
    return new BareRoot(directory);
  }

  /** Runs a command of the repository in it to its end, which is also the end of the system. */
  public run(words: readonly string[], seconds: number): Promise<{ readonly code: number; readonly output: string }> {
    const variables = Object.entries(process.env).filter(([name]) => VARIABLES.test(name));
    const env = { ...Object.fromEntries(variables), PATH: PROGRAMS, HOME: "/root" };
    const inside = ["sh", "-c", 'cd /root/multicast-lab && exec "$@"', "sh", ...words];
    const script = path.join(__dirname, "in-bare-root.sh");
    // It ends with this process, however that ends.
    const child = spawn("setpriv", ["--pdeathsig", "TERM", script, this.directory, ...inside], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: seconds * 1000,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? 1, output }));
    });
  }

  /** Removes it where it was not run. */
  public remove(): Promise<void> {
    return fs.rm(this.directory, { recursive: true, force: true });
  }
}

/** How apt gets its packages on this machine: proxies, certificates. Its other options are this machine's own. */
async function acquireOptions(): Promise<string> {
  const { stdout } = await run("apt-config", ["dump"]);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("Acquire::"))
    .join("\n");
}

/** Those of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  const names = (await fs.readdir(PLACE)).filter((name) => name.startsWith(PREFIX));
  const dead = names.filter((name) => !existsSync(`/proc/${name.slice(PREFIX.length)}`));
  await Promise.all(dead.map((name) => fs.rm(path.join(PLACE, name), { recursive: true, force: true })));
}
