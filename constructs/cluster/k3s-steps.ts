import { createHash } from "node:crypto";
import * as net from "node:net";
import { stringify } from "yaml";
import { HostStep, type StepRun } from "./host-step";
import type { K3sSettings } from "./k3s-cluster";
import type { DownloadArtifact, FileArtifact } from "./k3s-release";
import { localPath } from "./local-path";
import type { SshHost } from "./ssh-host";
import { Construct } from "../private/terraform";

interface K3sNode {
  readonly role: "server" | "agent";
  readonly host: SshHost;
}

/** Ports that K3s takes on every node and on servers (https://docs.k3s.io/installation/requirements#networking and its own components'). */
const agentPorts = "6444 10248 10249 10250 10256";
const serverPorts = `6443 ${agentPorts} 10257 10258 10259`;

/** The order of an install: guards on all hosts, files, K3s on all nodes at once, then the wait for all nodes and the kubeconfig. */
export class K3sSteps extends Construct {
  /** Takes the hosts' baselines; takes everything off and compares when it is destroyed. */
  public readonly guard: HostStep;
  /** Puts program, images and CNI plugins on the hosts. */
  public readonly files: HostStep;
  /** Configures and starts K3s. An agent waits for its server by itself. */
  public readonly install: HostStep;
  /** Waits until all nodes are Ready and fetches the kubeconfig. */
  public readonly ready: HostStep;

  public constructor(scope: Construct, id: string, settings: K3sSettings) {
    super(scope, id);
    const nodes: K3sNode[] = [
      ...settings.servers.map((host): K3sNode => ({ role: "server", host })),
      ...settings.agents.map((host): K3sNode => ({ role: "agent", host })),
    ];
    const common = { labName: settings.labName, stateDirectory: settings.stateDirectory };
    const guards = nodes.map((node) => guardRun(settings, node));
    this.guard = new HostStep(this, "Guard", {
      ...common,
      create: "guard-create",
      destroy: "guard-destroy",
      runs: guards,
    });
    const files = nodes.map((node) => filesRun(settings, node));
    this.files = new HostStep(this, "Files", {
      ...common,
      create: "files",
      runs: files,
      dependsOn: [this.guard.resource],
    });
    const installs = nodes.map((node) => installRun(settings, node));
    const afterFiles = { ...common, dependsOn: [this.files.resource] };
    this.install = new HostStep(this, "Install", { ...afterFiles, create: "install", runs: installs });
    const ready = readyRuns(settings, nodes, installs);
    this.ready = new HostStep(this, "Ready", {
      ...common,
      create: "ready",
      runs: ready,
      dependsOn: [this.install.resource],
    });
  }
}

/** A change of key or user is noted for the destroy step; only another address is another host. */
function guardRun(settings: K3sSettings, { role, host }: K3sNode): StepRun {
  const { release, clusterCidr, flannelInterface } = settings;
  return {
    host,
    values: {
      VERSION: release.version,
      ARCHITECTURE: release.architecture ?? "x86_64",
      PORTS: role === "server" ? serverPorts : agentPorts,
      INTERFACES: [...new Set([host.managementInterface, flannelInterface])].filter(Boolean).join(" "),
      POD_NETWORKS: clusterCidr,
    },
    runAgainWhen: hostIdentity(host),
  };
}

interface HostFile {
  readonly kind: "binary" | "image" | "cni";
  readonly name: string;
  readonly artifact: FileArtifact | DownloadArtifact;
}

function filesRun(settings: K3sSettings, { host }: K3sNode): StepRun {
  const files = hostFiles(settings);
  const contents = files.map(({ kind, name, artifact }) => `${artifact.sha256} ${kind} ${name}\n`).join("");
  return {
    host,
    values: { FILES: contents },
    local: { LAB_SOURCES: files.map(({ artifact }) => `${artifact.sha256} ${sourceOf(artifact)}`).join("\n") },
    runAgainWhen: digestOf(hostIdentity(host), host.hostKey, contents),
  };
}

function hostFiles({ release, imageArchives, cniPlugins }: K3sSettings): HostFile[] {
  const images = imageArchives.map((artifact): HostFile => {
    const [extension = ""] = /\.(tar|tgz)(\.[a-z]+)?$/.exec(artifact.path) ?? [];
    return { kind: "image", name: `multicast-lab-${artifact.sha256.slice(0, 12)}${extension}`, artifact };
  });
  const plugins: HostFile[] = cniPlugins ? [{ kind: "cni", name: "plugins", artifact: cniPlugins }] : [];
  return [{ kind: "binary", name: "k3s", artifact: release.binary }, ...images, ...plugins];
}

function sourceOf(artifact: FileArtifact | DownloadArtifact): string {
  return "path" in artifact ? localPath(artifact.path) : artifact.url;
}

function installRun(settings: K3sSettings, node: K3sNode): StepRun {
  const config = stringify(k3sConfig(settings, node), { lineWidth: 0 });
  const files = filesRun(settings, node).runAgainWhen;
  return {
    host: node.host,
    values: { ROLE: node.role, CONFIG: config, TIMEOUT_SECONDS: String(settings.readyTimeoutSeconds) },
    runAgainWhen: digestOf(files, node.role, config),
  };
}

/** config.yaml without the token, which the runner adds on the host (https://docs.k3s.io/installation/configuration#configuration-file). */
function k3sConfig(settings: K3sSettings, { role, host }: K3sNode): Record<string, unknown> {
  const server = settings.servers[0];
  const node = {
    "node-name": host.nodeName,
    ...(net.isIP(host.address) !== 0 && { "node-ip": host.address }),
    ...(flannelInterfaceOf(settings, host) && { "flannel-iface": flannelInterfaceOf(settings, host) }),
  };
  if (role === "agent") return { server: server && apiUrl(server), ...node };
  return {
    ...node,
    "cluster-cidr": settings.clusterCidr,
    "service-cidr": settings.serviceCidr,
    disable: settings.disable,
    "tls-san": [...new Set([...settings.servers.map(({ address }) => address), ...settings.tlsSans])],
    "write-kubeconfig-mode": "0600",
  };
}

function flannelInterfaceOf({ flannelInterface }: K3sSettings, host: SshHost): string | undefined {
  return flannelInterface ?? host.managementInterface;
}

function readyRuns(settings: K3sSettings, nodes: readonly K3sNode[], installs: readonly StepRun[]): StepRun[] {
  return settings.servers.slice(0, 1).map((host) => ({
    host,
    values: {
      NODES: nodes.map((node) => node.host.nodeName).join(" "),
      TIMEOUT_SECONDS: String(settings.readyTimeoutSeconds),
    },
    local: { LAB_SERVER_URL: apiUrl(host) },
    runAgainWhen: digestOf(...installs.map(({ runAgainWhen }) => runAgainWhen)),
  }));
}

function apiUrl(server: SshHost): string {
  return `https://${server.urlAddress}:6443`;
}

function hostIdentity(host: SshHost): string {
  return `${host.address} port ${host.port}`;
}

function digestOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
