import { interfaceNames, type Attachment } from "./attachment";
import type { INetworkAttachmentDefinition } from "./network";
import { rangesOf } from "./ipam-rules";
import { addressText, IpRange, parseAddress, parseSubnet, rangeText } from "../private/ip-range";
import { interfaceAddress, ipAddress, unicastMac } from "../private/ip-rules";
import { interfaceName } from "../private/rules";
import type { IConstruct } from "../private/terraform";
import type { Faults, Rule } from "../private/validate";

/** Adds what is wrong with a pod's attachments: one by one, beside each other, and beside those of other pods. */
export function checkAttachments(
  faults: Faults,
  attachments: readonly Attachment[],
  node?: string,
  field = "attachments",
): void {
  attachments.forEach((attachment, index) => {
    checkAttachment(faults, `${field}[${index}]`, attachment);
    checkName(faults, `${field}[${index}].network`, attachment.network, node);
  });
  checkTwins(faults, attachments, field);
  checkSubnets(faults, attachments, field);
  attachments.forEach(({ network, props }, index) => {
    for (const ip of props.ips ?? []) claim(faults, network, `${field}[${index}].ips`, canonical(ip));
    if (props.mac !== undefined)
      claim(faults, network.namespace.cluster, `${field}[${index}].mac`, props.mac.toLowerCase());
  });
}

function checkAttachment(faults: Faults, field: string, { network, props }: Attachment): void {
  const { ips = [], mac, defaultRoute = [] } = props;
  const rules = [interfaceAddress, inSubnetOf(network), inRangeOf(network)];
  ips.forEach((ip, index) => faults.check(`${field}.ips[${index}]`, ip, ...rules));
  const families = ips.map((ip) => parseSubnet(ip)?.family);
  if (new Set(families).size < families.length) {
    const use = "an attachment for each further address";
    faults.add(`${field}.ips`, ips, { must: "hold at most one address of each family", use });
  }
  if (ips.length > 0 && network.attachmentIps === "refused")
    faults.add(`${field}.ips`, ips, { must: "be left out: the network's IPAM would ignore them", use: "Ipam.static" });
  if (ips.length === 0 && network.attachmentIps === "required")
    faults.add(`${field}.ips`, ips, {
      must: `name an address: the IPAM of ${network.networkName} has none of its own`,
      use: "nextAddresses() of a network with ranges, or Ipam.hostLocal",
    });
  faults.check(`${field}.mac`, mac, unicastMac, () => (network.acceptsMac === false ? fixedMac : undefined));
  faults.check(`${field}.interfaceName`, props.interfaceName, interfaceName, notThePodsOwn);
  defaultRoute.forEach((gateway, index) => faults.check(`${field}.defaultRoute[${index}]`, gateway, ipAddress));
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

/** host-local refuses any other address, and the gateway, when the pod starts (plugins/ipam/host-local/backend/allocator). */
function inRangeOf({ networkName, ranges }: INetworkAttachmentDefinition): Rule<string> {
  return (value) => {
    const address = parseSubnet(value)?.address;
    if (!ranges || !address) return undefined;
    const use = "nextAddresses() of the network";
    const own = rangesOf(ranges);
    if (!own.some((range) => range.contains(address)))
      return { must: `lie inside ${networkName}'s ranges (${own.map(rangeText).join(", ")})`, use };
    const gateways = ranges.flatMap(({ subnet, gateway }) => {
      const family = parseSubnet(subnet);
      const named = gateway === undefined ? undefined : parseAddress(gateway)?.value;
      return family ? new IpRange(family.family, named ?? family.hosts.first, named ?? family.hosts.first) : [];
    });
    return gateways.some((gateway) => gateway.contains(address))
      ? { must: `not be ${networkName}'s gateway, which host-local gives to no pod`, use }
      : undefined;
  };
}

function checkName(faults: Faults, field: string, network: INetworkAttachmentDefinition, node?: string): void {
  if (network.nameOn(node) !== undefined) return;
  const { networkName } = network;
  const unknown = { must: "be a network with one name on all nodes, or the pod be bound to a node", use: "a node" };
  const missing = { must: `have a group that holds the pod's node ${node}`, use: "a group for it, or another node" };
  faults.add(field, networkName, node === undefined ? unknown : missing);
}

function checkTwins(faults: Faults, attachments: readonly Attachment[], field: string): void {
  const addresses = attachments.flatMap(({ props }) => (props.ips ?? []).map(canonical));
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

/** The same network twice is one link; of two networks with one subnet the pod would reach the first alone. */
function checkSubnets(faults: Faults, attachments: readonly Attachment[], field: string): void {
  attachments.forEach(({ network }, index) => {
    const others = attachments.slice(0, index).filter((earlier) => earlier.network !== network);
    const subnets = network.subnets.flatMap((text) => parseSubnet(text) ?? []);
    const other = others.find((earlier) =>
      earlier.network.subnets.some((text) => subnets.some((subnet) => parseSubnet(text)?.overlaps(subnet))),
    );
    if (other)
      faults.add(`${field}[${index}].network`, network.networkName, {
        must: `not share a subnet with ${other.network.networkName} in one pod (${network.subnets.join(", ")})`,
        use: "a subnet of its own for each network",
      });
  });
}

const claims = new WeakMap<IConstruct, Map<string, IConstruct>>();

/** Adds an address that another pod has taken in `place`, a network or a cluster. */
function claim(faults: Faults, place: IConstruct, field: string, address: string): void {
  const owners = claims.get(place) ?? new Map<string, IConstruct>();
  claims.set(place, owners);
  const owner = owners.get(address);
  if (owner === undefined) owners.set(address, faults.scope);
  else if (owner !== faults.scope)
    faults.add(field, address, { must: `not be that of another pod (${owner.node.path})`, use: "another address" });
}

/** One text for each address, however it was written. */
function canonical(ip: string): string {
  const address = parseSubnet(ip)?.address;
  return address ? addressText(address.family, address.value) : ip;
}
