import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { ProbeConfig } from "../../probe/config";
import { KEY_TEXTS } from "./keys";

/** Why this machine cannot make network namespaces, or nothing when it can. */
export function namespacesMissing(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  try {
    execFileSync("ip", ["-V"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "needs iproute2";
  }
}

/** Names of namespaces carry the process that made them, so that two runs do not meet. */
const PREFIX = `vft${process.pid}`;

/** Removes the namespaces of runs that were killed. */
function removeLeftovers(): void {
  const names = execFileSync("ip", ["netns", "list"], { encoding: "utf8" }).split("\n");
  for (const line of names) {
    const [name, pid] = /^vft(\d+)-\w+/.exec(line) ?? [];
    if (name !== undefined && !existsSync(`/proc/${pid}`)) execFileSync("ip", ["netns", "delete", name]);
  }
}

/** What else is said of a pod's probe. */
export interface Started {
  /** The deployment's key. */
  readonly key?: string;
  readonly hostname?: string;
}

/**
 * Two "hosts" whose `eth1` are ports of one bridge, and "pods": namespaces with a macvlan child `net1` of their host's
 * `eth1` and an `eth0` that holds the default route, as Multus leaves them.
 */
export class MacvlanHosts {
  private readonly namespaces: string[] = [];
  private readonly directory = mkdtempSync(path.join(tmpdir(), `${PREFIX}-`));
  private readonly programs = new Map<string, ChildProcess>();
  private readonly logs = new Map<string, string[]>();
  private readonly listeners = new Map<string, Set<(line: string) => void>>();

  public constructor(private readonly bundle: string) {
    removeLeftovers();
    this.namespace("switch");
    // Without a querier a snooping bridge would forget memberships (Documentation/networking/bridge.rst); this one floods.
    this.inside("switch", "ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0");
    this.inside("switch", "ip", "link", "set", "br0", "up");
  }

  /** A host; its `eth1` is cabled to the bridge. */
  public addHost(host: string): void {
    this.namespace(host);
    const port = `port-${host}`;
    this.inside(
      "switch",
      "ip",
      "link",
      "add",
      port,
      "type",
      "veth",
      "peer",
      "name",
      "eth1",
      "netns",
      `${PREFIX}-${host}`,
    );
    this.inside("switch", "ip", "link", "set", port, "master", "br0", "up");
    this.inside(host, "ip", "link", "set", "eth1", "up");
  }

  /** A pod on a host. */
  public addPod(pod: string, host: string, address: string): void {
    this.namespace(pod);
    const net1 = ["link", "net1", "netns", `${PREFIX}-${pod}`] as const;
    this.inside(
      host,
      "ip",
      "link",
      "add",
      "link",
      "eth1",
      "name",
      net1[1],
      net1[2],
      net1[3],
      "type",
      "macvlan",
      "mode",
      "bridge",
    );
    this.inside(pod, "ip", "address", "add", address, "dev", "net1");
    this.inside(pod, "ip", "link", "set", "net1", "up");
    this.inside(pod, "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "cluster");
    this.inside(pod, "ip", "link", "set", "cluster", "up");
    this.inside(pod, "ip", "link", "set", "eth0", "up");
    this.inside(pod, "ip", "address", "add", "10.42.0.2/24", "dev", "eth0");
    this.inside(pod, "ip", "route", "add", "default", "via", "10.42.0.1", "dev", "eth0");
    this.inside(pod, "ip", "route", "add", "224.0.0.0/4", "dev", "net1");
  }

  /** One more address of a pod's net1, usable at once. */
  public addIpv6(pod: string, address: string): void {
    this.inside(pod, "ip", "-6", "address", "add", address, "dev", "net1", "nodad");
  }

  /** A second network of two pods: a cable between their `side0`. */
  public connect(one: string, other: string, addresses: readonly [string, string]): void {
    const peer = ["peer", "name", "side0", "netns", `${PREFIX}-${other}`];
    this.inside(one, "ip", "link", "add", "side0", "type", "veth", ...peer);
    [one, other].forEach((pod, index) => {
      this.inside(pod, "ip", "address", "add", addresses[index] ?? "", "dev", "side0");
      this.inside(pod, "ip", "link", "set", "side0", "up");
    });
  }

  /** Starts another program in a pod's network. */
  public startProgram(pod: string, command: string, ...args: string[]): ChildProcess {
    const argv = ["netns", "exec", `${PREFIX}-${pod}`, command, ...args];
    return spawn("ip", argv, { stdio: ["ignore", "pipe", "inherit"] });
  }

  /** Runs a command in a pod, a host or the switch. */
  public inside(name: string, command: string, ...args: string[]): string {
    return execFileSync("ip", ["netns", "exec", `${PREFIX}-${name}`, command, ...args], { encoding: "utf8" });
  }

  /** Starts the probe in a pod with a host name of its own, as nobody with no privilege at all: what Pod Security `restricted` leaves. */
  public start(pod: string, config: ProbeConfig, { key = KEY_TEXTS[0], hostname = pod }: Started = {}): void {
    const file = path.join(this.directory, `${pod}.json`);
    const keyFile = path.join(this.directory, `${pod}.key`);
    writeFileSync(file, JSON.stringify(config));
    writeFileSync(keyFile, `${key}\n`);
    execFileSync("chmod", ["-R", "a+rX", this.directory]);
    const user = ["--reuid=65532", "--regid=65532", "--clear-groups", "--no-new-privs", "--bounding-set=-all"];
    const named = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', hostname];
    const probe = ["setpriv", ...user, process.execPath, this.bundle, file, keyFile];
    const argv = ["netns", "exec", `${PREFIX}-${pod}`, ...named, ...probe];
    const program = spawn("ip", argv, { stdio: ["ignore", "pipe", "inherit"] });
    this.programs.set(pod, program);
    this.logs.set(pod, []);
    createInterface({ input: program.stdout }).on("line", (line) => {
      this.logs.get(pod)?.push(line);
      for (const listener of this.listeners.get(pod) ?? []) listener(line);
    });
  }

  /** Ends a pod's probe. */
  public async stop(pod: string): Promise<void> {
    const program = this.programs.get(pod);
    if (!program) return;
    this.programs.delete(pod);
    const gone = new Promise((resolve) => program.once("exit", resolve));
    program.kill("SIGTERM");
    await gone;
  }

  /** Takes the processor from a pod's probe (SIGSTOP), or gives it back (SIGCONT). */
  public signal(pod: string, signal: "SIGSTOP" | "SIGCONT"): void {
    this.programs.get(pod)?.kill(signal);
  }

  public isRunning(pod: string): boolean {
    return this.programs.has(pod);
  }

  /** Hands over a pod's log so far and then each new line, until the returned function is called. */
  public follow(pod: string, onLine: (line: string) => void): () => void {
    for (const line of this.logs.get(pod)?.slice(-15) ?? []) onLine(line);
    const listeners = this.listeners.get(pod) ?? new Set();
    this.listeners.set(pod, listeners.add(onLine));
    return () => listeners.delete(onLine);
  }

  /** Ends all probes and removes all namespaces, and with them every interface made here. */
  public async remove(): Promise<void> {
    await Promise.all([...this.programs.keys()].map((pod) => this.stop(pod)));
    for (const name of this.namespaces.reverse()) execFileSync("ip", ["netns", "delete", name]);
    rmSync(this.directory, { recursive: true });
  }

  private namespace(name: string): void {
    const full = `${PREFIX}-${name}`;
    execFileSync("ip", ["netns", "add", full]);
    this.namespaces.push(full);
    this.inside(name, "ip", "link", "set", "lo", "up");
  }
}
