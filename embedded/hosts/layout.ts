import path from "node:path";

/** Highest lab index: 198.18.n.0/24 and 198.19.n.0/24 leave n = 127..255 of the benchmarking range (RFC 2544) alone. */
export const MAX_LAB_INDEX = 126;

/** What a host is for. `external` takes no part in the cluster: it is the endpoint outside of it. */
export type HostRole = "server" | "agent" | "external";

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
  readonly dataInterface: "eth1";
}

/** Everything about a lab that follows from its name, its index and LAB_HOME. */
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
  /** `/24` for the attached networks; nobody has an address of it until a pod gets one. */
  readonly dataSubnet: string;
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

const ROLES: readonly HostRole[] = ["server", "agent", "external"];

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
export function labLayout(name: string, index: number, home: string): Lab {
  assertLabName(name);
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
    dataSubnet: `198.19.${index}.0/24`,
    machineInterface: `mlm${index}`,
    switchNetns: `ml${index}-switch`,
    nftTable: `multicast-lab-${index}`,
    cgroup: `multicast-lab-${index}`,
    sshDirectory,
    privateKeyPath: path.join(sshDirectory, "id_ed25519"),
    knownHostsPath: path.join(sshDirectory, "known_hosts"),
    hosts: ROLES.map((role, position) => labHost(name, index, directory, role, position)),
  };
}

/** Where a lab of this name keeps its files, whether or not it exists. */
export function labDirectory(home: string, name: string): string {
  return path.join(home, "labs", name);
}

function labHost(lab: string, index: number, directory: string, role: HostRole, position: number): LabHost {
  return {
    name: role,
    role,
    address: `198.18.${index}.${11 + position}`,
    machine: `ml-${lab}-${role}`,
    netns: `ml${index}-${role}`,
    directory: path.join(directory, "hosts", role),
    logFile: path.join(directory, "log", `${role}.log`),
    managementInterface: "eth0",
    dataInterface: "eth1",
  };
}
