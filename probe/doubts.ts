import { contains, familyOf, withoutPrefix } from "./address";
import type { CheckedReceiver, GroupStream, StreamName, VerdictConfig } from "./config";
import type { Evidence } from "./evidence";
import type { HeardBlock } from "./lines";

/** What is asked of all that the verdict has read. */
export interface Observed {
  readonly config: VerdictConfig;
  /** Last evidence of the sender. */
  readonly sender?: Evidence;
  /** Last evidence of a receiver. */
  readonly evidenceOf: (pod: string) => Evidence | undefined;
  /** Counts over the judged blocks. */
  readonly heard: (pod: string, stream: StreamName) => readonly HeardBlock[];
}

/** One end of a check. */
interface End {
  readonly name: string;
  readonly evidence?: Evidence;
}

/** Why what a receiver counted says nothing of it, whatever it is; nothing where it does. */
export function doubt(given: Observed, receiver: CheckedReceiver): string | undefined {
  const own = given.evidenceOf(receiver.pod);
  if (isSameNetwork(own, given.sender))
    return (
      "sender and receiver are in one network namespace, whose kernel hands what is sent to its own members before any " +
      "interface has carried it; put them on two machines or into two pods"
    );
  const isControlProof = receiver.expect === "silent" && receiver.proof === undefined;
  return (
    foreignMember(given, receiver, "test") ?? (isControlProof ? foreignMember(given, receiver, "control") : undefined)
  );
}

function foreignMember(given: Observed, receiver: CheckedReceiver, stream: GroupStream): string | undefined {
  const names = [...new Set(given.heard(receiver.pod, stream).flatMap(({ alsoBy = [] }) => alsoBy))];
  if (names.length === 0) return undefined;
  const { group } = given.config.destinations[stream];
  const own = given.evidenceOf(receiver.pod);
  const beside = given.config.receivers.filter(
    ({ pod, joins }) =>
      pod !== receiver.pod &&
      isSameNetwork(own, given.evidenceOf(pod)) &&
      (stream === "control" || joins.includes(group)),
  );
  const who = beside.length > 0 ? beside.map(({ name }) => `receiver ${name}`).join(", ") : "another program";
  const table = familyOf(group) === 4 ? "/proc/net/igmp" : "/proc/net/igmp6";
  return (
    `${who} of the same network namespace has joined ${group} on ${names.join(", ")}, as ${table} showed, and the kernel hands ` +
    `what comes in there to this receiver too: it cannot be told from what comes in by its own ${receiver.interface ?? given.config.interface}`
  );
}

/** An address that is in use twice, where a receiver or the sender has it; nothing where none is. */
export function duplicateAddress(given: Observed, receiver: CheckedReceiver): string | undefined {
  const sender: End = { name: "the sender", evidence: given.sender };
  const others = given.config.receivers.filter(({ pod }) => pod !== receiver.pod);
  const ends: End[] = [
    sender,
    ...others.map(({ name, pod }) => ({ name: `receiver ${name}`, evidence: given.evidenceOf(pod) })),
  ];
  const own: End = { name: `receiver ${receiver.name}`, evidence: given.evidenceOf(receiver.pod) };
  const found = ends.flatMap((end) => shared(given.config, own, end) ?? []);
  return [...found, ...[own, sender].flatMap((end) => refusedByKernel(end) ?? [])][0];
}

function shared({ network }: VerdictConfig, one: End, other: End): string | undefined {
  const [first, second] = [one.evidence, other.evidence];
  if (!first || !second || isSameNetwork(first, second)) return undefined;
  const address = usable(first).find((each) => usable(second).includes(each));
  if (address !== undefined)
    return `${one.name} and ${other.name} both have the address ${address}; give each an address of its own`;
  const isOneLink = usable(second).some((each) => first.addresses.some((cidr) => contains(cidr, each)));
  // All ipvlan children of one parent have its address.
  const isMeant = first.linkType === "ipvlan" && second.linkType === "ipvlan";
  if (network.kind !== "attached" || !isOneLink || isMeant || first.mac === undefined || first.mac !== second.mac)
    return undefined;
  return `${one.name} and ${other.name} both have the MAC address ${first.mac}; give each a MAC address of its own`;
}

/** IPv6 asks for its own addresses before it uses them (RFC 4862, duplicate address detection). */
function refusedByKernel({ name, evidence }: End): string | undefined {
  const [address] = evidence?.duplicates ?? [];
  return address === undefined
    ? undefined
    : `another machine has ${address}, which ${name} was given: its kernel does not use it (DADFAILED in /proc/net/if_inet6)`;
}

/** Addresses that may be used once on a network; those of a link alone are used again on the next one. */
function usable({ addresses }: Evidence): string[] {
  return addresses.map(withoutPrefix).filter((address) => !address.startsWith("fe80:"));
}

function isSameNetwork(one: Evidence | undefined, other: Evidence | undefined): boolean {
  return one?.networkNamespace !== undefined && one.networkNamespace === other?.networkNamespace;
}

/** What is said beside a verdict: datagrams that came more than once. They are no loss, but no network should make them. */
export function warnings(given: Observed, receiver: CheckedReceiver): string[] {
  return (["test", "control", "unicast"] as const).flatMap((stream) => {
    const blocks = given.heard(receiver.pod, stream);
    const twice = blocks.reduce((sum, { duplicates }) => sum + duplicates, 0);
    if (twice === 0) return [];
    const what = stream === "unicast" ? "unicast" : given.config.destinations[stream].group;
    return [
      `${twice} packets of ${what} came more than once: look for a loop, a mirrored port, or two ways to this receiver`,
    ];
  });
}
