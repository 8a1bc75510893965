import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { K3sCluster } from "../../constructs/cluster/k3s-cluster";
import { SshHost } from "../../constructs/cluster/ssh-host";
import { App, LocalBackend, TerraformStack } from "../../constructs/private/terraform";
import {
  artifactSettings,
  findOffers,
  ARTIFACT_NAMES,
  makeArtifacts,
  sha256Of,
  type Artifacts,
} from "../../embedded/artifacts";
import {
  allocate,
  labHome,
  readHostKey,
  release,
  runOnHost,
  startHosts,
  stopHosts,
  type Lab,
} from "../../embedded/hosts";
import { USUAL_HOSTS } from "../../embedded/hosts/layout";
import { run } from "../../embedded/system/commands";

/** A host in its place in the cluster. */
export interface Member {
  readonly name: string;
  /** Number of the host. */
  readonly host: number;
  readonly role: "server" | "agent";
}

/** Hosts of the embedded lab on which a K3sCluster lives, by real Terraform and the hosts' own scripts. */
export class LivingCluster {
  private first = 0;
  private keyPath: string;
  private binary: { path: string; sha256: string };

  private constructor(
    private readonly lab: Lab,
    private readonly artifacts: Artifacts,
    private readonly archives: readonly { path: string; sha256: string }[],
    private readonly directory: string,
  ) {
    this.keyPath = lab.privateKeyPath;
    const { path: file, sha256 } = artifacts.k3s;
    this.binary = { path: file, sha256 };
  }

  /** Boots the hosts. */
  public static async of(name: string, hosts: number): Promise<LivingCluster> {
    const settings = artifactSettings();
    const artifacts = await makeArtifacts(
      await findOffers(settings),
      () => ({ report: () => {}, done: () => {} }),
      ARTIFACT_NAMES,
    );
    const archives = (artifacts.k3s.imageArchives ?? []).map(async (file) => ({
      path: file,
      sha256: await sha256Of(file),
    }));
    const plan = { ...USUAL_HOSTS, servers: 1, agents: hosts - 1, externals: 0 };
    const lab = await allocate(name, labHome(), plan);
    await startHosts(lab, { cache: settings.cache });
    return new LivingCluster(lab, artifacts, await Promise.all(archives), mkdtempSync("/var/tmp/living-cluster-"));
  }

  /** Directory of kubeconfig and token. */
  public get stateDirectory(): string {
    return path.join(this.directory, "state");
  }

  /** Where a host is reached. */
  public address(host: number): string {
    return this.lab.hosts[host]!.address;
  }

  /** Output of a command line on a host. */
  public async on(host: number, command: string): Promise<string> {
    return (await runOnHost(this.lab, this.lab.hosts[host]!, command)).stdout.trim();
  }

  /** Output of kubectl on the first server. */
  public kubectl(command: string): Promise<string> {
    return this.on(this.first, `k3s kubectl ${command}`);
  }

  /** The cluster's nodes, in the order of the members that were applied last. */
  public async nodes(): Promise<{ name: string; address?: string; role: string; ready: boolean }[]> {
    const { items } = JSON.parse(await this.kubectl("get nodes --output=json")) as { items: NodeObject[] };
    const order = this.members.map(({ name }) => name);
    return items
      .map(({ metadata, status }) => ({
        name: metadata.name,
        address: status.addresses.find(({ type }) => type === "InternalIP")?.address,
        role: "node-role.kubernetes.io/control-plane" in metadata.labels ? "server" : "agent",
        ready: status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True"),
      }))
      .sort((left, right) => order.indexOf(left.name) - order.indexOf(right.name));
  }

  private members: readonly Member[] = [];

  /** Makes the cluster be these members. */
  public async apply(members: readonly Member[]): Promise<void> {
    this.members = members;
    this.first = members[0]!.host;
    await this.synthesise();
    await this.terraform("init", "-input=false", "-no-color");
    await this.terraform("apply", "-auto-approve", "-input=false", "-no-color");
  }

  /** Whether a plan would change nothing. */
  public isSettled(): Promise<boolean> {
    return this.terraform("plan", "-detailed-exitcode", "-input=false", "-no-color").then(
      () => true,
      () => false,
    );
  }

  /** Destroys what was applied. */
  public async destroy(): Promise<void> {
    await this.terraform("destroy", "-auto-approve", "-input=false", "-no-color");
  }

  /** Gives all hosts another key that logs in, in place of the lab's own in the cluster's configuration. */
  public async rotateKey(): Promise<void> {
    const key = path.join(this.directory, "rotated");
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]);
    const text = readFileSync(`${key}.pub`, "utf8").trim();
    for (const host of this.lab.hosts.keys()) await this.on(host, `echo '${text}' >>/root/.ssh/authorized_keys`);
    this.keyPath = key;
  }

  /** A program that does the same and has another digest: what comes behind an ELF file's sections is not read. */
  public async changeBinary(): Promise<void> {
    const file = path.join(this.directory, "k3s");
    copyFileSync(this.artifacts.k3s.path, file);
    appendFileSync(file, "changed");
    this.binary = { path: file, sha256: await sha256Of(file) };
  }

  /** Stops the hosts, and removes all. */
  public async close(): Promise<void> {
    await stopHosts(this.lab);
    await release(this.lab);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async synthesise(): Promise<void> {
    const app = new App({ outdir: this.directory, skipValidation: true });
    const stack = new TerraformStack(app, "cluster");
    new LocalBackend(stack, { path: path.join(this.directory, "cluster.tfstate") });
    const hosts = await Promise.all(this.members.map(async (member) => ({ member, ssh: await this.sshHost(member) })));
    const of = (role: Member["role"]) => hosts.filter(({ member }) => member.role === role).map(({ ssh }) => ssh);
    new K3sCluster(stack, "Cluster", {
      servers: of("server"),
      agents: of("agent"),
      release: { version: this.artifacts.k3s.version, binary: this.binary },
      imageArchives: this.archives,
      cniPlugins: { path: this.artifacts["cni-plugins"].path, sha256: this.artifacts["cni-plugins"].sha256 },
      stateDirectory: this.stateDirectory,
      labName: this.lab.name,
    });
    app.synth();
  }

  private async sshHost({ name, host }: Member): Promise<SshHost> {
    const machine = this.lab.hosts[host]!;
    return SshHost.of(machine.address, {
      nodeName: name,
      user: "root",
      privateKeyPath: this.keyPath,
      hostKey: await readHostKey(this.lab, machine),
      managementInterface: machine.managementInterface,
    });
  }

  private async terraform(...args: string[]): Promise<void> {
    const cwd = path.join(this.directory, "stacks/cluster");
    const env = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
    await run(this.artifacts.terraform.path, [`-chdir=${cwd}`, ...args], { env, timeoutMilliseconds: 480_000 });
  }
}

interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: {
    readonly addresses: readonly { readonly type: string; readonly address: string }[];
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}
