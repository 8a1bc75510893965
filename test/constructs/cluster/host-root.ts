import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as readline from "node:readline";

const standIns = path.join(__dirname, "host-root");
const runner = path.join(__dirname, "../../../constructs/cluster/assets/run.sh");
/** Where the host's script has another name than the runner's step. */
const hostStep: Record<string, string> = { files: "files-put" };
const namespaces = ["--mount", "--net", "--pid"];
const hostPath = "/stand-ins:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Whether this machine can make a host of namespaces. */
export const canMakeHostRoot =
  process.getuid?.() === 0 && spawnSync("unshare", [...namespaces, "--fork", "true"]).status === 0;

/** A lab as a host knows it. */
export interface LabOnHost {
  readonly name?: string;
  /** Directory on the side of Terraform; each lab has its own token in it. */
  readonly stateDirectory?: string;
  /** CNI plugins that it brings, each a file with its name in it. */
  readonly plugins?: readonly string[];
}

/** How a step ended. */
export interface StepEnd {
  readonly code: number | null;
  readonly output: string;
}

/**
 * A host that is nothing but namespaces and memory, with this machine's programs and stand-ins for systemd and K3s. The real
 * scripts run on it through the real runner; a stand-in for ssh enters the namespaces.
 */
export class HostRoot {
  private constructor(
    private readonly directory: string,
    private readonly init: ChildProcess,
    private readonly pid: number,
  ) {}

  public static async start(): Promise<HostRoot> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "host-root-"));
    fs.mkdirSync(path.join(directory, "root"));
    const init = spawn(
      "unshare",
      [...namespaces, "--fork", "--kill-child", "bash", `${standIns}/start.sh`, `${directory}/root`],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    for await (const line of readline.createInterface({ input: init.stdout })) if (line === "ready") break;
    const children = fs.readFileSync(`/proc/${init.pid}/task/${init.pid}/children`, "utf8");
    const host = new HostRoot(directory, init, Number(children));
    host.writeSsh();
    return host;
  }

  /** What is installed, as the step `files` names it: the stand-in for K3s, and plugins. */
  private filesOf({ plugins = [] }: LabOnHost): { sources: string; files: string } {
    const files: [string, string][] = [["binary k3s", path.join(standIns, "k3s")]];
    if (plugins.length > 0) {
      const directory = fs.mkdtempSync(path.join(this.directory, "plugins-"));
      for (const name of plugins) fs.writeFileSync(path.join(directory, name), `${name}\n`);
      execFileSync("tar", ["-czf", `${directory}.tgz`, "-C", directory, "."]);
      files.push(["cni plugins", `${directory}.tgz`]);
    }
    const digested = files.map(([name, file]) => {
      const sha256 = createHash("sha256").update(fs.readFileSync(file)).digest("hex");
      return { source: `${sha256} ${file}`, line: `${sha256} ${name}\n` };
    });
    return {
      sources: digested.map(({ source }) => source).join("\n"),
      files: digested.map(({ line }) => line).join(""),
    };
  }

  public stateDirectory(lab: LabOnHost = {}): string {
    return lab.stateDirectory ?? path.join(this.directory, "state", lab.name ?? "lab");
  }

  /** Runs a step of the runner. `killAt` kills the host's side before its command of that number. */
  public async step(step: string, lab: LabOnHost = {}, killAt?: number): Promise<StepEnd> {
    if (killAt !== undefined) this.exec(`echo '${hostStep[step] ?? step} ${killAt}' >/dev/kill-at`);
    const { sources, files } = this.filesOf(lab);
    const env = {
      PATH: `${this.directory}:${process.env.PATH}`,
      LAB_HOST: "node",
      LAB_NAME: lab.name ?? "lab",
      // Terraform's state, which lies beside the directory, has it.
      LAB_IDENTITY: createHash("sha256").update(this.stateDirectory(lab)).digest("hex").slice(0, 12),
      LAB_FOUNDS: "true",
      LAB_ADDRESS: "192.0.2.1",
      LAB_PORT: "22",
      LAB_USER: "root",
      LAB_PRIVATE_KEY_PATH: "/dev/null",
      LAB_HOST_KEY: "none",
      LAB_STATE_DIRECTORY: this.stateDirectory(lab),
      LAB_SOURCES: sources,
      LAB_REGISTRY_FILES: "",
      LAB_VALUE_VERSION: "v1.34.3+k3s1",
      LAB_VALUE_ARCHITECTURE: os.machine(),
      LAB_VALUE_PORTS: "6443 10250",
      LAB_VALUE_INTERFACES: "lo",
      LAB_VALUE_POD_NETWORKS: "10.42.0.0/16",
      LAB_VALUE_FILES: files,
      LAB_VALUE_CNI_DIRECTORY: "/opt/cni/bin",
      LAB_VALUE_ROLE: "server",
      LAB_VALUE_CONFIG: "node-name: node\n",
      LAB_VALUE_PLACE: "server node",
      LAB_VALUE_SERVERS: "192.0.2.1/0123456789ab",
      LAB_VALUE_OTHER_SERVERS: "",
      LAB_VALUE_REGISTRIES: "",
      LAB_VALUE_TIMEOUT_SECONDS: "20",
    };
    const child = spawn("bash", [runner, step], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output };
  }

  /** The steps of an apply, until the first that fails. */
  public async install(lab: LabOnHost = {}): Promise<StepEnd> {
    let end: StepEnd = { code: 0, output: "" };
    for (const step of ["guard-create", "files", "install"]) {
      end = await this.step(step, lab);
      if (end.code !== 0) return end;
    }
    return end;
  }

  /** Runs a program of a shell on the host and returns what it prints. */
  public exec(program: string): string {
    return execFileSync("nsenter", [...this.enter, "bash", "-euo", "pipefail", "-c", program], {
      encoding: "utf8",
      maxBuffer: 1 << 27,
    });
  }

  /** Starts a process on the host that stays, as `argv0`; returns its number there. */
  public startProcess(argv0: string, ...rest: string[]): number {
    const program = `exec -a "$0" bash -c 'read -r _ <>/dev/wait' "$@"`;
    const quoted = [argv0, ...rest].map((word) => `'${word}'`).join(" ");
    return Number(
      this.exec(
        `(setsid bash -c '${program.replaceAll("'", "'\\''")}' ${quoted} </dev/null >/dev/null 2>&1 & echo $!)`,
      ),
    );
  }

  /** Starts what holds the lock as a step of lab `name` does; returns its number. */
  public startLockHolder(name: string): number {
    return Number(
      this.exec(`
        setsid bash -c 'exec 9<>/run/multicast-lab.lock; flock 9; printf "%s\n%s\n" $$ "${name}" >/run/multicast-lab.lock; touch /dev/held; read -r _ <>/dev/wait' </dev/null >/dev/null 2>&1 &
        until [ -e /dev/held ]; do sleep 0.01; done
        rm /dev/held
        head -n 1 /run/multicast-lab.lock`),
    );
  }

  public isRunning(pid: number): boolean {
    return this.exec(`[ -e /proc/${pid}/exe ] && echo yes || echo no`).trim() === "yes";
  }

  /** Everything that is on the host, told by other means than the guard's: files with contents, links, rules, settings, processes. */
  public look(): string {
    return this.exec(`
      find / /run -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /upper -o -path /work -o -path /tmp -o -path /run/mount \\) -prune -o -printf '%p %y %m %u %l\\n' | sort
      find /etc /var /run /opt /root /usr/local/bin /upper -xdev -path /run/netns -prune -o -type f -exec sha256sum {} + | sort
      find /upper /usr/local/bin -printf '%p %y\\n' | sort
      ip -o link show | sed 's/^[0-9]*: //'; ip -o address show | grep -v fe80:; ip route show table all | grep -v fe80:; ip netns list
      nft -s list ruleset
      sysctl -a 2>/dev/null | grep '^net\\.' | grep -v -E 'nf_conntrack_count|fs.nr|tcp_fastopen_key|stable_secret'
      findmnt -rno TARGET,FSTYPE | sort
      ps -eo args | grep -v -E 'ps -eo|grep -v|bash -euo|<defunct>|^\\[|^(COMMAND|sort)$' | sort
      find /sys/fs/cgroup | sort`);
  }

  public stop(): void {
    this.init.kill("SIGKILL");
    fs.rmSync(this.directory, { recursive: true });
  }

  private get enter(): string[] {
    const flags = [...namespaces, "--root", "--wd"];
    return ["--target", String(this.pid), ...flags, "env", "-i", `PATH=${hostPath}`, "HOME=/root"];
  }

  private writeSsh(): void {
    const enter = ["nsenter", ...this.enter].join(" ");
    fs.writeFileSync(
      path.join(this.directory, "ssh"),
      `#!/bin/bash\n# The last argument is the command for the host.\nexec ${enter} sh -c "\${*: -1}"\n`,
      { mode: 0o755 },
    );
  }
}
