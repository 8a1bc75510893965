import type { INetworkAttachmentDefinition } from "./network";
import { parseSubnet } from "../private/ip-range";
import { interfaceAddress, ipAddress, unicastMac } from "../private/ip-rules";
import { interfaceName } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** Options of one {@link Attachment}. */
export interface AttachmentProps {
  /**
   * Addresses of the interface, in CIDR form like `198.19.0.50/24`; at most one for each address family.
   *
   * @default the network's IPAM gives the addresses
   */
  readonly ips?: readonly string[];
  /**
   * MAC address of the interface: six hex octets joined by colons, unicast.
   *
   * @default the kernel makes one up
   */
  readonly mac?: string;
  /**
   * Name of the interface inside the pod, 15 characters at most; not `lo` or `eth0`.
   *
   * @default `net1` for the pod's first attachment, `net2` for the second, …
   */
  readonly interfaceName?: string;
  /**
   * Gateways that the pod's default route is moved to, as plain addresses; the pod then reaches Services and DNS
   * only by the more specific routes that the cluster network left.
   *
   * @default the default route stays on the cluster network
   */
  readonly defaultRoute?: readonly string[];
}

/** One attachment of a pod to a secondary network. */
export class Attachment {
  /** An attachment to `network`. */
  public static of(network: INetworkAttachmentDefinition, props: AttachmentProps = {}): Attachment {
    return new Attachment(network, props);
  }

  private constructor(
    /** The network. */
    public readonly network: INetworkAttachmentDefinition,
    /** How the pod is attached. */
    public readonly props: AttachmentProps,
  ) {}

  /** Adds the faults of the values to those of the construct that uses them; `field` is what it calls this attachment. */
  public validate(faults: Faults, field: string): void {
    const { ips = [], mac, defaultRoute = [] } = this.props;
    ips.forEach((ip, index) => faults.check(`${field}.ips[${index}]`, ip, interfaceAddress, inSubnetOf(this.network)));
    const families = ips.map((ip) => parseSubnet(ip)?.family);
    if (new Set(families).size < families.length) {
      const use = "an attachment for each further address";
      faults.add(`${field}.ips`, ips, { must: "hold at most one address of each family", use });
    }
    faults.check(`${field}.mac`, mac, unicastMac, () => (this.network.acceptsMac === false ? fixedMac : undefined));
    faults.check(`${field}.interfaceName`, this.props.interfaceName, interfaceName, notThePodsOwn);
    defaultRoute.forEach((gateway, index) => faults.check(`${field}.defaultRoute[${index}]`, gateway, ipAddress));
  }
}

const fixedMac = { must: "be left out: the network's interfaces have their master's", use: "a MacvlanNetwork" };

const notThePodsOwn: Rule<string> = (value) =>
  ["lo", "eth0"].includes(value)
    ? { must: "not be lo or eth0, which the pod has", use: 'another name like "net1"' }
    : undefined;

function inSubnetOf(network: INetworkAttachmentDefinition): Rule<string> {
  return (value) => {
    const address = parseSubnet(value);
    const subnets = network.subnets.map(parseSubnet);
    const known = subnets.some(
      (subnet) => subnet && address && subnet.contains(address.address) && subnet.prefixLength === address.prefixLength,
    );
    return known || subnets.length === 0
      ? undefined
      : {
          must: `be an address of ${network.networkName}'s subnets (${network.subnets.join(", ")})`,
          use: "nextAddresses() of the network",
        };
  };
}

/** Adds what is wrong with a pod's attachments, one by one and beside each other. */
export function checkAttachments(
  faults: Faults,
  attachments: readonly Attachment[],
  node?: string,
  field = "attachments",
): void {
  attachments.forEach((attachment, index) => {
    attachment.validate(faults, `${field}[${index}]`);
    checkName(faults, `${field}[${index}].network`, attachment.network, node);
  });
  const addresses = attachments.flatMap(({ props }) => (props.ips ?? []).map((ip) => ip.toLowerCase()));
  const macs = attachments.flatMap(({ props }) => props.mac?.toLowerCase() ?? []);
  for (const [what, values] of Object.entries({
    "interface names": interfaceNames(attachments),
    addresses,
    "MAC addresses": macs,
  })) {
    const twice = values.find((value, index) => values.indexOf(value) < index);
    if (twice) faults.add(field, twice, { must: `have ${what} of their own`, use: "another one" });
  }
}

function checkName(faults: Faults, field: string, network: INetworkAttachmentDefinition, node?: string): void {
  if (network.nameOn(node) !== undefined) return;
  const { networkName } = network;
  const unknown = { must: "be a network with one name on all nodes, or the pod be bound to a node", use: "a node" };
  const missing = { must: `have a group that holds the pod's node ${node}`, use: "a group for it, or another node" };
  faults.add(field, networkName, node === undefined ? unknown : missing);
}

/** Annotation that names a pod's networks (https://github.com/k8snetworkplumbingwg/multi-net-spec). */
export const NETWORKS_ANNOTATION = "k8s.v1.cni.cncf.io/networks";

/** Value of {@link NETWORKS_ANNOTATION} for a pod with these attachments, in this order; `node` is the one that it is bound to. */
export function networksAnnotation(attachments: readonly Attachment[], node?: string): string {
  const names = interfaceNames(attachments);
  return JSON.stringify(
    attachments.map(({ network, props }, index) => ({
      name: network.nameOn(node) ?? network.networkName,
      namespace: network.namespace.namespaceName,
      interface: names[index],
      ips: props.ips,
      mac: props.mac,
      "default-route": props.defaultRoute,
    })),
  );
}

/** Name inside the pod of the interface of each attachment, in the same order. */
export function interfaceNames(attachments: readonly Attachment[]): string[] {
  return attachments.map(({ props }, index) => props.interfaceName ?? `net${index + 1}`);
}
