import { createHash } from "node:crypto";
import { HostStep, type HostStepProps, type StepName, type StepRun } from "./host-step";
import type { K3sSettings } from "./k3s-cluster-props";
import { apiUrl, configOf, nodeLabelOf, type K3sNode } from "./k3s-node-config";
import { renderRegistries } from "./k3s-registries";
import { k3sCniPaths, locationOf, type DownloadArtifact, type FileArtifact } from "./k3s-release";
import { localPath } from "./local-path";
import type { SshHost } from "./ssh-host";
import { goYaml } from "../private/carried-text";
import { dataResource } from "../private/data-resource";
import { Construct, type DataResource } from "../private/terraform";

/** Ports that K3s takes on every node and on servers (https://docs.k3s.io/installation/requirements#networking and its own components'). */
const agentPorts = "6444 10248 10249 10250 10256";
const serverPorts = `6443 ${agentPorts} 10257 10258 10259`;
const etcdPorts = "2379 2380 2381";

/**
 * The order of an install, and of every later change: guards on all hosts, files, K3s on the first server, on the other servers one after
 * the other, on all agents at once, then the wait for all nodes and the kubeconfig. So a change restarts one server at a time, which keeps
 * etcd's majority, and no kubelet gets ahead of the API servers (https://docs.k3s.io/upgrades/manual).
 */
export class K3sSteps extends Construct {
  /** Its `id` is the identity of this deployment on the hosts: `terraform import` takes it where the state was lost. */
  public readonly identity: DataResource;
  /** Takes the hosts' baselines; takes everything off and compares when it is destroyed. */
  public readonly guard: HostStep;
  /** Ends K3s on hosts that change their place in the cluster; puts program, images and CNI plugins on all. */
  public readonly files: HostStep;
  /** Configures and starts K3s on the first server. */
  public readonly install: HostStep;
  /** The same on the other servers, in their order. */
  public readonly joins: readonly HostStep[];
  /** The same on the agents. */
  public readonly agents: HostStep;
  /** Waits until all nodes are Ready and fetches the kubeconfig. */
  public readonly ready: HostStep;
  /** Another text as soon as a step on any host is to be run again. */
  public readonly revision: string;

  /** @internal made by K3sCluster */
  public constructor(
    scope: Construct,
    id: string,
    private readonly settings: K3sSettings,
  ) {
    super(scope, id);
    this.identity = dataResource(this, "Identity", {});
    const { founders, joining, agents } = groupsOf(settings);
    const nodes = [...founders, ...joining, ...agents];
    const guards = nodes.map((node) => guardRun(settings, node));
    this.guard = this.step("Guard", "guard-create", guards, { destroy: "guard-destroy" });
    const files = nodes.map((node) => filesRun(settings, node));
    this.files = this.step("Files", "files", files, this.after(this.guard));
    this.install = this.installation("Install", founders, this.files);
    this.joins = joining.reduce<HostStep[]>((before, node) => {
      const last = before.at(-1) ?? this.install;
      return [...before, this.installation(`Join-${node.host.address}`, [node], last)];
    }, []);
    this.agents = this.installation("Agents", agents, this.joins.at(-1) ?? this.install);
    const restores = ["kubeconfig", "token"];
    const ready = readyRuns(settings, nodes);
    this.ready = this.step("Ready", "ready", ready, { ...this.after(this.agents), restores });
    this.revision = digestOf(...ready.map(({ runAgainWhen }) => runAgainWhen));
  }

  private installation(name: string, nodes: readonly K3sNode[], last: HostStep): HostStep {
    const runs = nodes.map((node) => installRun(this.settings, node));
    return this.step(name, "install", runs, this.after(last));
  }

  private step(name: string, create: StepName, runs: StepRun[], more: Partial<HostStepProps>): HostStep {
    const { labName, stateDirectory } = this.settings;
    return new HostStep(this, name, { labName, identity: this.identity, stateDirectory, create, runs, ...more });
  }

  private after({ resource }: HostStep): Pick<HostStepProps, "dependsOn"> {
    return { dependsOn: [resource] };
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
function guardRun(settings: K3sSettings, node: K3sNode): StepRun {
  return { host: node.host, values: guardValues(settings, node), runAgainWhen: hostIdentity(node.host) };
}

/** What a host must offer, and what belongs to the cluster on it. */
function guardValues({ release, clusterCidrs, flannelInterface, servers }: K3sSettings, { role, host }: K3sNode) {
  const portsOfServer = servers.length > 1 ? `${serverPorts} ${etcdPorts}` : serverPorts;
  return {
    VERSION: release.version,
    ARCHITECTURE: release.architecture ?? "x86_64",
    PORTS: role === "server" ? portsOfServer : agentPorts,
    INTERFACES: [...new Set([host.managementInterface, flannelInterface])].filter(Boolean).join(" "),
    POD_NETWORKS: clusterCidrs.join(" "),
  };
}

interface HostFile {
  readonly kind: "binary" | "image" | "cni";
  readonly name: string;
  readonly artifact: FileArtifact | DownloadArtifact;
}

/** A host that was installed anew at the same address has another key: it is taken again, so that what it was like is known. */
function filesRun(settings: K3sSettings, node: K3sNode): StepRun {
  const { host } = node;
  const files = hostFiles(settings);
  const cniDirectory = k3sCniPaths(settings.release.version, settings.flannelBackend).binDir;
  const contents = files.map(({ kind, name, artifact }) => `${artifact.sha256} ${kind} ${name}\n`).join("");
  return {
    host,
    values: {
      ...guardValues(settings, node),
      FILES: contents,
      CNI_DIRECTORY: cniDirectory,
      PLACE: `${node.role} ${host.nodeName}`,
      SERVERS: serverKeys(settings),
    },
    local: { LAB_SOURCES: files.map(({ artifact }) => `${artifact.sha256} ${sourceOf(artifact)}`).join("\n") },
    runAgainWhen: digestOf(hostIdentity(host), host.hostKey, contents, cniDirectory, ...placeOf(settings, node)),
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
  const config = goYaml(configOf(settings, node));
  const registries = renderRegistries(settings.registries);
  return {
    host: node.host,
    values: {
      ROLE: node.role,
      CONFIG: config,
      PLACE: `${node.role} ${node.host.nodeName}`,
      SERVERS: serverKeys(settings),
      OTHER_SERVERS: settings.servers
        .filter((server) => server !== node.host)
        .map(apiUrl)
        .join(" "),
      REGISTRIES: registries.text,
      TIMEOUT_SECONDS: String(settings.readyTimeoutSeconds),
    },
    local: { LAB_REGISTRY_FILES: registries.files, LAB_FOUNDS: String(node.role === "server" && !node.isJoining) },
    runAgainWhen: digestOf(filesRun(settings, node).runAgainWhen, node.role, config, registries.text, registries.files),
  };
}

function readyRuns(settings: K3sSettings, nodes: readonly K3sNode[]): StepRun[] {
  return settings.servers.slice(0, 1).map((host) => ({
    host,
    values: {
      NODES: nodes.map((node) => [node.host.nodeName, ...node.host.nodeIps].join(" ")).join("\n"),
      NODE_LABEL: nodeLabelOf(settings),
      NETWORK: settings.flannelBackend === "none" ? "foreign" : "own",
      TIMEOUT_SECONDS: String(settings.readyTimeoutSeconds),
    },
    local: { LAB_SERVER_URL: apiUrl(host) },
    runAgainWhen: digestOf(...nodes.map((node) => installRun(settings, node).runAgainWhen)),
  }));
}

/** What makes a host leave the cluster and come in again: another name, another role, or, for an agent, other servers than those that it knew. */
function placeOf(settings: K3sSettings, { host, role }: K3sNode): string[] {
  const [founder] = settings.servers;
  const servers =
    role === "agent" && settings.servers.length === 1 && founder ? [founder.address, founder.hostKey] : [];
  return [role, host.nodeName, ...servers];
}

/** The servers as a host remembers them: one that was installed anew at its address has another key. */
function serverKeys({ servers }: K3sSettings): string {
  return servers.map(({ address, hostKey }) => `${address}/${digestOf(hostKey).slice(0, 12)}`).join(" ");
}

function hostIdentity(host: SshHost): string {
  return `${host.address} port ${host.port}`;
}

function digestOf(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
