import path from "node:path";

/**
 * Highest lab index: 198.18.n.0/24, 198.19.n.0/24 and, for clusters with a network of their own, 198.18.(128 + n).0/24 lie in the
 * benchmarking range (RFC 2544).
 */
export const MAX_LAB_INDEX = 126;

/** What a host is for. `external` takes no part in the cluster: it is the endpoint outside of it. */
export type HostRole = "server" | "agent" | "external";

/** What carries the pods: K3s' own flannel on the management network, or OVN-Kubernetes on a NIC of its own. */
export type ClusterNetworkName = "flannel" | "ovn-kubernetes";

/** A NIC that belongs to the cluster's network alone: OVN-Kubernetes' external bridge takes it as its uplink. */
export interface ClusterNic {
  readonly interface: "cluster0";
  /** Where tunnels between the hosts end, in a `/24`; the bridge gets it, not the NIC. */
  readonly address: string;
  /** Next hop that OVN-Kubernetes must be told; nobody is there. */
  readonly gateway: string;
}

/** One booted machine of a lab. */
export interface LabHost {
  readonly name: string;
  readonly role: HostRole;
  /** Management address, on `eth0`. */
  readonly address: string;
  /** Name of the machine for systemd-nspawn, as it shows in process lists. */
  readonly machine: string;
  /** Network namespace under /run/netns. */
  readonly netns: string;
  /** Folder with the host's overlay, bind mounts and pid file. */
  readonly directory: string;
  /** Console output of the host. */
  readonly logFile: string;
  readonly managementInterface: "eth0";
  /** The host's end of each data network, in their order. */
  readonly dataInterfaces: readonly string[];
  /** Only of a cluster's host where the cluster has such a network. */
  readonly clusterNic?: ClusterNic;
}

/** What the hosts of a lab are. */
export interface HostPlan {
  /** How many hosts of each role. */
  readonly servers: number;
  readonly agents: number;
  readonly externals: number;
  /** Data networks, each a switch of its own with an interface of every host: `eth1`, `eth2`, … */
  readonly planes: number;
  /** Whether the hosts reach anything but each other and this machine. */
  readonly internet: boolean;
  readonly clusterNetwork: ClusterNetworkName;
}

/** The hosts of a lab that nothing else is said of. */
export const USUAL_HOSTS: HostPlan = {
  servers: 1,
  agents: 1,
  externals: 1,
  planes: 1,
  internet: true,
  clusterNetwork: "flannel",
};

/** Everything about a lab that follows from its name, its index, LAB_HOME and how many hosts it has. */
export interface Lab {
  readonly name: string;
  readonly index: number;
  /** LAB_HOME, shared by all labs of this machine. */
  readonly home: string;
  readonly directory: string;
  readonly logDirectory: string;
  /** `/24`; `.1` is this machine, hosts follow from `.11`. */
  readonly managementSubnet: string;
  readonly gateway: string;
  /** Whether this machine gives the hosts a way out. */
  readonly internet: boolean;
  /** Number of data networks. */
  readonly planes: number;
  /** `/24` for the attached networks; nobody has an address of it until a pod gets one. */
  readonly dataSubnet: string;
  readonly clusterNetwork: ClusterNetworkName;
  /** This machine's interface into the management network. */
  readonly machineInterface: string;
  /** Namespace that holds both bridges. */
  readonly switchNetns: string;
  readonly nftTable: string;
  /** Name of the lab's directory in every cgroup hierarchy. */
  readonly cgroup: string;
  readonly sshDirectory: string;
  readonly privateKeyPath: string;
  readonly knownHostsPath: string;
  readonly hosts: readonly LabHost[];
}

/** Their last octets follow from .11; a machine that carries more is no longer one machine's lab. */
const MOST_HOSTS = 16;
/** The highest plane's number is one digit in the names of interfaces, which have 15 characters. */
const MOST_PLANES = 8;

/** A lab's name becomes part of paths, machine names and cgroup names, so it is a DNS-1123 label. */
export function assertLabName(name: string): void {
  if (!/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name)) {
    throw new Error(
      `lab name must be 1 to 20 lower-case letters, digits or "-", and begin and end with a letter or digit, ` +
        `got ${JSON.stringify(name)}; use for instance "multicast"`,
    );
  }
}

/** Derives all names, addresses and paths; the same input always gives the same lab. */
export function labLayout(name: string, index: number, home: string, plan: HostPlan = USUAL_HOSTS): Lab {
  assertLabName(name);
  assertHostPlan(plan);
  if (!Number.isInteger(index) || index < 0 || index > MAX_LAB_INDEX) {
    throw new Error(`lab index must be an integer from 0 to ${MAX_LAB_INDEX}, got ${index}`);
  }
  const directory = labDirectory(home, name);
  const sshDirectory = path.join(directory, "ssh");
  return {
    name,
    index,
    home,
    directory,
    logDirectory: path.join(directory, "log"),
    managementSubnet: `198.18.${index}.0/24`,
    gateway: `198.18.${index}.1`,
    internet: plan.internet,
    planes: plan.planes,
    dataSubnet: `198.19.${index}.0/24`,
    clusterNetwork: plan.clusterNetwork,
    machineInterface: `mlm${index}`,
    switchNetns: `ml${index}-switch`,
    nftTable: `multicast-lab-${index}`,
    cgroup: `multicast-lab-${index}`,
    sshDirectory,
    privateKeyPath: path.join(sshDirectory, "id_ed25519"),
    knownHostsPath: path.join(sshDirectory, "known_hosts"),
    hosts: namedHosts(plan).map((host, position) => ({
      ...labHost(name, index, directory, host, position),
      dataInterfaces: Array.from({ length: plan.planes }, (_, plane) => `eth${plane + 1}`),
      ...(plan.clusterNetwork === "ovn-kubernetes" &&
        host.role !== "external" && { clusterNic: clusterNic(index, position) }),
    })),
  };
}

/** Where a lab of this name keeps its files, whether or not it exists. */
export function labDirectory(home: string, name: string): string {
  return path.join(home, "labs", name);
}

/** @throws Error when a lab cannot have so many hosts or networks, or so few. */
function assertHostPlan({ servers, agents, externals, planes }: HostPlan): void {
  const counts = [servers, agents, externals, planes];
  const all = servers + agents + externals;
  const whole = counts.every((count) => Number.isInteger(count) && count >= 0);
  if (whole && servers >= 1 && all <= MOST_HOSTS && planes >= 1 && planes <= MOST_PLANES) return;
  throw new Error(
    `a lab must have 1 server or more, ${MOST_HOSTS} hosts at most and 1 to ${MOST_PLANES} planes, ` +
      `got ${servers} servers, ${agents} agents, ${externals} external hosts and ${planes} planes`,
  );
}

interface NamedHost {
  readonly name: string;
  readonly role: HostRole;
}

type HostCounts = Pick<HostPlan, "servers" | "agents" | "externals">;

/** Names of the hosts that a lab of such a plan has, in their order. */
export function hostNames(plan: HostCounts): string[] {
  return namedHosts(plan).map(({ name }) => name);
}

/** The only host of its role is named after it; several are numbered. */
function namedHosts({ servers, agents, externals }: HostCounts): NamedHost[] {
  const named = (role: HostRole, count: number): NamedHost[] =>
    Array.from({ length: count }, (_, index) => ({ name: count === 1 ? role : `${role}-${index + 1}`, role }));
  return [...named("server", servers), ...named("agent", agents), ...named("external", externals)];
}

function labHost(
  lab: string,
  index: number,
  directory: string,
  { name, role }: NamedHost,
  position: number,
): Omit<LabHost, "dataInterfaces"> {
  return {
    name,
    role,
    address: `198.18.${index}.${11 + position}`,
    machine: `ml-${lab}-${name}`,
    netns: `ml${index}-${name}`,
    directory: path.join(directory, "hosts", name),
    logFile: path.join(directory, "log", `${name}.log`),
    managementInterface: "eth0",
  };
}

function clusterNic(index: number, position: number): ClusterNic {
  const network = `198.18.${128 + index}`;
  return { interface: "cluster0", address: `${network}.${11 + position}`, gateway: `${network}.1` };
}
