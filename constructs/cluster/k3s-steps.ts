import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { HostStep, type StepName, type StepRun } from "./host-step";
import type { K3sSettings } from "./k3s-cluster-props";
import { apiUrl, configOf, type K3sNode } from "./k3s-node-config";
import { renderRegistries } from "./k3s-registries";
import { k3sCniPaths, locationOf, type DownloadArtifact, type FileArtifact } from "./k3s-release";
import { localPath } from "./local-path";
import type { SshHost } from "./ssh-host";
import { Construct } from "../private/terraform";

/** Ports that K3s takes on every node and on servers (https://docs.k3s.io/installation/requirements#networking and its own components'). */
const agentPorts = "6444 10248 10249 10250 10256";
const serverPorts = `6443 ${agentPorts} 10257 10258 10259`;
const etcdPorts = "2379 2380 2381";

/**
 * The order of an install: guards on all hosts, files, K3s on the first server and all agents at once, on the other servers when the
 * first one's API answers, then the wait for all nodes and the kubeconfig.
 */
export class K3sSteps extends Construct {
  /** Takes the hosts' baselines; takes everything off and compares when it is destroyed. */
  public readonly guard: HostStep;
  /** Puts program, images and CNI plugins on the hosts. */
  public readonly files: HostStep;
  /** Configures and starts K3s on the first server and on agents, which wait for it by themselves. */
  public readonly install: HostStep;
  /** The same on the other servers, which K3s lets fail where they find nobody to join. */
  public readonly join: HostStep;
  /** Waits until all nodes are Ready and fetches the kubeconfig. */
  public readonly ready: HostStep;
  /** Another text as soon as a step on any host is to be run again. */
  public readonly revision: string;

  /** @internal made by K3sCluster */
  public constructor(scope: Construct, id: string, settings: K3sSettings) {
    super(scope, id);
    const { founders, joining, agents } = groupsOf(settings);
    const nodes = [...founders, ...joining, ...agents];
    const installs = [...founders, ...agents].map((node) => installRun(settings, node));
    const joins = joining.map((node) => installRun(settings, node));
    const ready = readyRuns(settings, nodes, [...installs, ...joins]);
    const step = (name: string, create: StepName, runs: StepRun[], after?: HostStep, destroy?: StepName) =>
      new HostStep(this, name, {
        labName: settings.labName,
        stateDirectory: settings.stateDirectory,
        create,
        destroy,
        runs,
        dependsOn: after && [after.resource],
      });
    const guards = nodes.map((node) => guardRun(settings, node));
    this.guard = step("Guard", "guard-create", guards, undefined, "guard-destroy");
    const files = nodes.map((node) => filesRun(settings, node));
    this.files = step("Files", "files", files, this.guard);
    this.install = step("Install", "install", installs, this.files);
    this.join = step("Join", "install", joins, this.install);
    this.ready = step("Ready", "ready", ready, this.join);
    this.revision = digestOf(...ready.map(({ runAgainWhen }) => runAgainWhen));
  }
}

function groupsOf({ servers, agents }: K3sSettings) {
  return {
    founders: servers.slice(0, 1).map((host): K3sNode => ({ role: "server", host })),
    joining: servers.slice(1).map((host): K3sNode => ({ role: "server", host, isJoining: true })),
    agents: agents.map((host): K3sNode => ({ role: "agent", host })),
  };
}

/** A change of key or user is noted for the destroy step; only another address is another host. */
function guardRun(settings: K3sSettings, { role, host }: K3sNode): StepRun {
  const { release, clusterCidrs, flannelInterface, servers } = settings;
  const portsOfServer = servers.length > 1 ? `${serverPorts} ${etcdPorts}` : serverPorts;
  return {
    host,
    values: {
      VERSION: release.version,
      ARCHITECTURE: release.architecture ?? "x86_64",
      PORTS: role === "server" ? portsOfServer : agentPorts,
      INTERFACES: [...new Set([host.managementInterface, flannelInterface])].filter(Boolean).join(" "),
      POD_NETWORKS: clusterCidrs.join(" "),
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
  const cniDirectory = k3sCniPaths(settings.release.version, settings.flannelBackend).binDir;
  const contents = files.map(({ kind, name, artifact }) => `${artifact.sha256} ${kind} ${name}\n`).join("");
  return {
    host,
    values: { FILES: contents, CNI_DIRECTORY: cniDirectory },
    local: { LAB_SOURCES: files.map(({ artifact }) => `${artifact.sha256} ${sourceOf(artifact)}`).join("\n") },
    runAgainWhen: digestOf(hostIdentity(host), host.hostKey, contents, cniDirectory),
  };
}

function hostFiles({ release, imageArchives, cniPlugins }: K3sSettings): HostFile[] {
  const images = imageArchives.map((artifact): HostFile => {
    const [extension = ""] = /\.(tar|tgz)(\.[a-z]+)?$/.exec(locationOf(artifact)) ?? [];
    return { kind: "image", name: `multicast-lab-${artifact.sha256.slice(0, 12)}${extension}`, artifact };
  });
  const plugins: HostFile[] = cniPlugins ? [{ kind: "cni", name: "plugins", artifact: cniPlugins }] : [];
  return [{ kind: "binary", name: "k3s", artifact: release.binary }, ...images, ...plugins];
}

function sourceOf(artifact: FileArtifact | DownloadArtifact): string {
  return "path" in artifact ? localPath(artifact.path) : artifact.url;
}

function installRun(settings: K3sSettings, node: K3sNode): StepRun {
  const config = stringify(configOf(settings, node), { lineWidth: 0 });
  const registries = renderRegistries(settings.registries);
  return {
    host: node.host,
    values: {
      ROLE: node.role,
      CONFIG: config,
      REGISTRIES: registries.text,
      TIMEOUT_SECONDS: String(settings.readyTimeoutSeconds),
    },
    local: { LAB_REGISTRY_FILES: registries.files },
    runAgainWhen: digestOf(filesRun(settings, node).runAgainWhen, node.role, config, registries.text, registries.files),
  };
}

function readyRuns(settings: K3sSettings, nodes: readonly K3sNode[], installs: readonly StepRun[]): StepRun[] {
  return settings.servers.slice(0, 1).map((host) => ({
    host,
    values: {
      NODES: nodes.map((node) => node.host.nodeName).join(" "),
      NETWORK: settings.flannelBackend === "none" ? "foreign" : "own",
      TIMEOUT_SECONDS: String(settings.readyTimeoutSeconds),
    },
    local: { LAB_SERVER_URL: apiUrl(host) },
    runAgainWhen: digestOf(...installs.map(({ runAgainWhen }) => runAgainWhen)),
  }));
}

function hostIdentity(host: SshHost): string {
  return `${host.address} port ${host.port}`;
}

function digestOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
