import type { ICluster } from "../constructs/cluster/cluster";
import type { SshHost } from "../constructs/cluster/ssh-host";
import type { IpamRange } from "../constructs/network/ipam-range";

/** A machine outside the cluster, with its interface into the data network. */
export interface ExternalHost {
  /** Name of the machine, a DNS-1123 label. */
  readonly name: string;
  /** How it is reached. */
  readonly ssh: SshHost;
  /** Its interfaces on the networks that the pods are attached to, in the order of {@link LabSite.masters}. */
  readonly dataInterfaces: readonly string[];
}

/** What the stacks of a registry find on the embedded lab: its cluster, its networks and its images. */
export interface LabSite {
  /** The cluster that carries the stack. */
  readonly cluster: ICluster;
  /** Directory for files of the stack, Terraform's state among them. */
  readonly stateDirectory: string;
  /** Interfaces on every node that carry nothing else, for `master`; each leads to a switch of its own. */
  readonly masters: readonly [string, ...string[]];
  /** An IPv4 network for the pods on `masters`, a `/24`; nobody has an address of it but pods, and external hosts that are given one. */
  readonly dataSubnet: string;
  /** Image references of the verification pods and of Multus. */
  readonly images: { readonly probe: string; readonly multus: string };
  /** Machines outside the cluster. */
  readonly externals: readonly ExternalHost[];
}

const SUBNETS = { whole: [0, 24], "lower half": [0, 25], "upper half": [128, 25] } as const;

/** Addresses of {@link LabSite.dataSubnet}, or of one half of it as a subnet of its own, by their last octets. */
export function rangeOn(
  { dataSubnet }: Pick<LabSite, "dataSubnet">,
  first: number,
  last: number,
  part: keyof typeof SUBNETS = "whole",
): Required<Pick<IpamRange, "subnet" | "rangeStart" | "rangeEnd">> {
  const address = (octet: number): string => dataSubnet.replace(/\.\d+\/\d+$/, `.${octet}`);
  const [start, length] = SUBNETS[part];
  return { subnet: `${address(start)}/${length}`, rangeStart: address(first), rangeEnd: address(last) };
}
