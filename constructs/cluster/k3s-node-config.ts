import type { K3sSettings } from "./k3s-cluster-props";
import { taintText } from "./node-registration";
import type { SshHost } from "./ssh-host";

/** A host in its place in the cluster. */
export interface K3sNode {
  /** What it runs. */
  readonly role: "server" | "agent";
  /** The host. */
  readonly host: SshHost;
  /** Whether it is a server that joins the first one. */
  readonly isJoining?: boolean;
}

/** Label by which the nodes of a cluster that was installed from here are known, with its value. */
export function nodeLabelOf({ labName }: K3sSettings): string {
  return `multicast-lab/cluster=${labName}`;
}

/** Address of a server's API. */
export function apiUrl(server: SshHost): string {
  return `https://${server.urlAddress}:6443`;
}

/**
 * config.yaml of a node without the token, which the runner adds on the host
 * (https://docs.k3s.io/installation/configuration#configuration-file).
 */
export function configOf(settings: K3sSettings, node: K3sNode): Record<string, unknown> {
  const common = { ...joinConfig(settings, node), ...nodeConfig(settings, node.host) };
  return node.role === "agent"
    ? { ...common, ...settings.agentConfig }
    : { ...common, ...serverConfig(settings), ...settings.serverConfig };
}

/** One server alone keeps its data in SQLite; the first of several starts an etcd that the others join. */
function joinConfig({ servers }: K3sSettings, { role, isJoining = false }: K3sNode): Record<string, unknown> {
  const [founder] = servers;
  if (founder && (role === "agent" || isJoining)) return { server: apiUrl(founder) };
  return servers.length > 1 ? { "cluster-init": true } : {};
}

function nodeConfig(settings: K3sSettings, host: SshHost): Record<string, unknown> {
  const given = Object.entries(host.nodeLabels).map(([key, value]) => `${key}=${value}`);
  const flannelInterface = settings.flannelInterface ?? host.managementInterface;
  return {
    "node-name": host.nodeName,
    ...(host.nodeIps.length > 0 && { "node-ip": host.nodeIps.join() }),
    "node-label": [nodeLabelOf(settings), ...given],
    ...(host.nodeTaints.length > 0 && { "node-taint": host.nodeTaints.map(taintText) }),
    ...(settings.flannelBackend !== "none" && flannelInterface && { "flannel-iface": flannelInterface }),
  };
}

/** What must be the same on all servers (https://docs.k3s.io/cli/server#critical-configuration-values). */
function serverConfig(settings: K3sSettings): Record<string, unknown> {
  const addresses = settings.servers.flatMap(({ address, nodeIps }) => [address, ...nodeIps]);
  return {
    "cluster-cidr": settings.clusterCidrs.join(),
    "service-cidr": settings.serviceCidrs.join(),
    "flannel-backend": settings.flannelBackend,
    ...(settings.disableKubeProxy && { "disable-kube-proxy": true }),
    ...(settings.disableNetworkPolicy && { "disable-network-policy": true }),
    disable: settings.disable,
    "tls-san": [...new Set([...addresses, ...settings.tlsSans])],
    "write-kubeconfig-mode": "0600",
  };
}
