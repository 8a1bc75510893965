import { checkClusterNetwork } from "./cluster-network-rules";
import type { K3sSettings } from "./k3s-cluster-props";
import type { FlannelBackend } from "./k3s-release";
import type { SshHost } from "./ssh-host";
import { parseAddress, parseSubnet, type IpFamily, type Subnet } from "../private/ip-range";
import { cidr } from "../private/ip-rules";
import { interfaceName, oneOf } from "../private/rules";
import type { Faults } from "../private/validate";

/** The families that a list of networks may have. */
const forms: readonly string[] = ["4", "6", "4,6"];

const backends: readonly FlannelBackend[] = ["vxlan", "host-gw", "wireguard-native", "none"];

interface NamedNetwork {
  readonly field: string;
  readonly text: string;
  readonly subnet: Subnet;
}

/** Records what is wrong with a cluster's own networks. */
export function checkNetworks(faults: Faults, settings: K3sSettings): void {
  const { clusterCidrs, serviceCidrs, flannelBackend, flannelInterface, clusterNetwork } = settings;
  faults
    .check("flannelBackend", flannelBackend, oneOf(backends))
    .check("flannelInterface", flannelInterface, interfaceName);
  if (flannelBackend === "none" && flannelInterface !== undefined) {
    faults.add("flannelInterface", flannelInterface, {
      must: "not be given with flannelBackend none",
      use: "the setting of the program that makes the default network",
    });
  }
  checkClusterNetwork(faults, "clusterNetwork", clusterNetwork);
  if ((flannelBackend === "none") === (clusterNetwork.type === "flannel")) {
    faults.add("clusterNetwork.type", clusterNetwork.type, {
      must: `${flannelBackend === "none" ? "not be" : "be"} flannel with flannelBackend ${flannelBackend}`,
      use: 'flannelBackend "none" for another default network',
    });
  }
  const pods = networksOf(faults, "clusterCidrs", clusterCidrs);
  const services = networksOf(faults, "serviceCidrs", serviceCidrs);
  const fits = checkFamilies(faults, pods, services, settings);
  checkOverlaps(faults, pods, services);
  checkSizes(faults, settings, pods, services);
  for (const [field, host] of hostsOf(settings)) {
    checkHostOutside(faults, host, [...pods, ...services]);
    if (fits) checkNodeIps(faults, field, host, familiesOf(pods));
  }
}

/** All hosts of a cluster with the names of their props. */
export function hostsOf({ servers, agents }: Pick<K3sSettings, "servers" | "agents">): [string, SshHost][] {
  const named = (list: string, hosts: readonly SshHost[]) =>
    hosts.map((host, index): [string, SshHost] => [`${list}[${index}]`, host]);
  return [...named("servers", servers), ...named("agents", agents)];
}

function networksOf(faults: Faults, list: string, cidrs: readonly string[]): NamedNetwork[] {
  return cidrs.flatMap((text, index) => {
    const field = `${list}[${index}]`;
    faults.check(field, text, cidr);
    const subnet = parseSubnet(text);
    return subnet ? [{ field, text, subnet }] : [];
  });
}

function familiesOf(networks: readonly NamedNetwork[]): IpFamily[] {
  return networks.map(({ subnet }) => subnet.family);
}

/**
 * One network, or one of each family, the same in both lists: the first family is the cluster's primary one.
 *
 * @returns whether all of that is right.
 */
function checkFamilies(
  faults: Faults,
  pods: readonly NamedNetwork[],
  services: readonly NamedNetwork[],
  { clusterCidrs, serviceCidrs }: K3sSettings,
): boolean {
  if (pods.length < clusterCidrs.length || services.length < serviceCidrs.length) return false;
  const must = "hold one network, or one of each family with IPv4 first";
  const use = 'one network, or IPv4 and then IPv6, like ["10.42.0.0/16", "fd42::/56"]';
  const [podForm, serviceForm] = [familiesOf(pods).join(), familiesOf(services).join()];
  if (!forms.includes(podForm)) faults.add("clusterCidrs", clusterCidrs, { must, use });
  else if (!forms.includes(serviceForm)) faults.add("serviceCidrs", serviceCidrs, { must, use });
  else if (podForm !== serviceForm) {
    faults.add("serviceCidrs", serviceCidrs, {
      must: `be of the families of clusterCidrs ${clusterCidrs.join()}`,
      use,
    });
  } else return true;
  return false;
}

function checkOverlaps(faults: Faults, pods: readonly NamedNetwork[], services: readonly NamedNetwork[]): void {
  for (const service of services) {
    const pod = pods.find(({ subnet }) => subnet.overlaps(service.subnet));
    if (!pod) continue;
    faults.add(service.field, service.text, {
      must: `not overlap ${pod.field} ${pod.text}`,
      use: "a network of its own",
    });
  }
}

/** A node's part of the pod network; kube-controller-manager's default (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/). */
const nodePrefix = { 4: 24, 6: 64 } as const;

/** What every kube-apiserver takes: at most 20 bits of host part (--service-cluster-ip-range), and room for the tenth address, which is the DNS'. */
const servicePrefixes = { 4: [12, 28], 6: [108, 124] } as const;

function checkSizes(
  faults: Faults,
  settings: K3sSettings,
  pods: readonly NamedNetwork[],
  services: readonly NamedNetwork[],
): void {
  const nodes = settings.servers.length + settings.agents.length;
  const isOwn = settings.serverConfig["kube-controller-manager-arg"] !== undefined;
  for (const { field, text, subnet } of isOwn ? [] : pods) {
    const bits = nodePrefix[subnet.family] - subnet.prefixLength;
    if (bits >= 0 && 2 ** bits >= nodes) continue;
    const widest = nodePrefix[subnet.family] - Math.ceil(Math.log2(Math.max(1, nodes)));
    faults.add(field, text, {
      must: `have a /${nodePrefix[subnet.family]} for each of the ${nodes} nodes`,
      use: `a /${widest} or wider`,
    });
  }
  for (const { field, text, subnet } of services) {
    const [widest, narrowest] = servicePrefixes[subnet.family];
    if (subnet.prefixLength >= widest && subnet.prefixLength <= narrowest) continue;
    faults.add(field, text, {
      must: `be from /${widest} to /${narrowest}`,
      use: subnet.family === 4 ? "a /16" : "a /112",
    });
  }
}

function checkHostOutside(faults: Faults, host: SshHost, networks: readonly NamedNetwork[]): void {
  for (const text of new Set([host.address, ...host.nodeIps])) {
    const address = parseAddress(text);
    for (const { field, text: network, subnet } of networks) {
      if (!address || !subnet.contains(address)) continue;
      faults.add(field, network, { must: `not contain the host ${text}`, use: "a network that no host lies in" });
    }
  }
}

/** A node has an address of each family of the pods; K3s finds the one of a host that is known by name alone. */
function checkNodeIps(faults: Faults, field: string, { nodeIps }: SshHost, families: readonly IpFamily[]): void {
  if (nodeIps.length === 0 && families.length === 1) return;
  const given = nodeIps.map((text) => parseAddress(text)?.family);
  if (given.length === families.length && families.every((family) => given.includes(family))) return;
  faults.add(`${field}.nodeIps`, nodeIps, {
    must: `hold one address of each family of clusterCidrs (${families.map((family) => `IPv${family}`).join(", ")})`,
    use: "the host's own addresses, IPv4 first",
  });
}
