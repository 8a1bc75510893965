import type { Destinations, Expectation, NetworkUnderTest } from "./config";
import type { Evidence } from "./evidence";
import { canonical, contains, familyOf, withoutPrefix } from "./address";
import { lookupRoute } from "./kernel-tables";
import type { PodState } from "./pod-state";

/** Why something was not heard, as far as evidence shows. */
export interface Cause {
  /** Completes "… heard 0 of 200 packets: ". */
  readonly text: string;
  /** Waiting longer cannot help: the evidence names a fault that is there now. */
  readonly certain: boolean;
}

/** One side of a stream, as seen at the end. */
export interface Side {
  /** How messages call it: `the sender` or `the receiver`. */
  readonly title: string;
  readonly pod: string;
  /** Host that it runs on where it is outside the cluster, and no pod. */
  readonly host?: string;
  /** Name of its interface to the network. */
  readonly interface: string;
  readonly state?: PodState;
  readonly evidence?: Evidence;
  /** It has not printed a line for some seconds, or never. */
  readonly quiet: boolean;
}

/** All that a diagnosis looks at. */
export interface Case {
  readonly network: NetworkUnderTest;
  readonly destinations: Destinations;
  readonly ttl: number;
  readonly sender: Side;
  /** Errors of the sender's last block, by code. */
  readonly sendErrors: Readonly<Record<string, number>>;
  readonly receiver: Side & { readonly joinError?: string; readonly expect: Expectation };
  readonly heardTest: number;
  readonly heardControl: number;
}

type Finder = (given: Case) => Cause | undefined;

const certain = (text: string): Cause => ({ text, certain: true });

const senderPod: Finder = ({ sender }) => podCause(sender);
const senderLink: Finder = ({ sender, destinations }) => linkCause(sender, destinations);

const senderRoute: Finder = ({ network, destinations, sender, sendErrors }) => {
  const { group } = destinations.test;
  const { interface: name } = sender;
  const place = network.kind === "attached" ? "network" : "pod";
  const remedy =
    familyOf(group) === 4 ? `add the route 224.0.0.0/4 dev ${name} to the ${place}` : `let the sender choose ${name}`;
  const code = Object.keys(sendErrors)[0];
  if (code === "ENETUNREACH") return certain(`the sender has no route to ${group} (ENETUNREACH); ${remedy}`);
  const by = sender.evidence?.groupRoute?.interface;
  if (by !== undefined && by !== name)
    return certain(`the sender's route to ${group} leaves by ${by}, not ${name}; ${remedy}`);
  return code === undefined ? undefined : certain(`the sender's kernel refuses to send to ${group} (${code})`);
};

const receiverPod: Finder = ({ receiver }) => podCause(receiver);
const receiverLink: Finder = ({ receiver, destinations }) => linkCause(receiver, destinations);

const membership: Finder = ({ destinations, receiver }) => {
  const wanted = receiver.expect === "heard" ? destinations.test.group : destinations.control.group;
  if (!receiver.evidence || hasJoined(receiver, wanted)) return undefined;
  const why = receiver.joinError === undefined ? "" : ` (${receiver.joinError})`;
  return certain(
    `the receiver has not joined ${wanted} on ${receiver.interface}, as ${joinsTable(wanted)} shows${why}`,
  );
};

const duplicateAddress: Finder = ({ sender, receiver }) => {
  const shared = addresses(sender).find((address) => addresses(receiver).includes(address));
  if (shared === undefined) return undefined;
  return certain(`sender and receiver both have the address ${shared}; give each pod an address of its own`);
};

/** The kernel takes the larger of the two values (Documentation/networking/ip-sysctl.rst, rp_filter); 1 is strict. */
const reversePathFilter: Finder = ({ sender, receiver }) => {
  const { interface: name } = receiver;
  const source = addresses(sender)[0];
  if (!receiver.evidence || source === undefined) return undefined;
  const { all = 0, interface: own = 0 } = receiver.evidence.reversePathFilter;
  const back = lookupRoute(receiver.evidence.routes, source)?.interface;
  if (Math.max(all, own) !== 1 || back === name) return undefined;
  return certain(
    `rp_filter is strict on the receiver's ${name} and its route back to ${source} leaves by ${back ?? "no interface"}; ` +
      `add that route on ${name} or set net.ipv4.conf.${name}.rp_filter=2`,
  );
};

const timeToLive: Finder = ({ ttl, sender, receiver }) => {
  const source = addresses(sender)[0];
  const subnets = receiver.evidence?.addresses ?? [];
  if (ttl > 1 || source === undefined || subnets.length === 0 || subnets.some((cidr) => contains(cidr, source)))
    return undefined;
  return certain(`TTL ${ttl} does not cross the router between ${source} and ${subnets.join(", ")}; raise ttl`);
};

/** Where to look when both ends are in order and nothing comes, by what carries it. */
const SUSPECTS: Readonly<Record<NetworkUnderTest["kind"], string>> = {
  attached:
    "IGMP snooping without a querier, a firewall, refused promiscuous mode or a MAC limit on the hypervisor's port, a macvlan mode " +
    "other than bridge",
  cluster:
    "the namespace's multicast switch (OVN-Kubernetes: the annotation k8s.ovn.org/multicast-enabled=true; a receiver that joined before " +
    "it hears after the next query), sender and receiver in one namespace, a TTL above 1 between nodes",
};

const path: Finder = ({ network, destinations, sender, receiver, heardTest, heardControl }) => {
  const { test, control } = destinations;
  if (heardTest > 0) return undefined;
  if (heardControl > 0 && receiver.expect === "heard")
    return {
      text:
        `the receiver hears the control group ${control.group} but not ${test.group}, so the path forwards one ` +
        "and not the other: look for IGMP snooping without a querier, or a filter on that group",
      certain: false,
    };
  const [from, to] = [placeOf(sender), placeOf(receiver)];
  const where = from === to ? `between two pods of ${from}` : `from ${from} to ${to}`;
  return {
    text:
      `routes, memberships and ${receiver.interface} are in order at both ends, but no multicast comes ${where}: ` +
      `look for ${SUSPECTS[network.kind]}`,
    certain: false,
  };
};

/** In the order in which one fault hides the next. */
const FINDERS: readonly Finder[] = [
  senderPod,
  senderLink,
  senderRoute,
  receiverPod,
  receiverLink,
  membership,
  duplicateAddress,
  reversePathFilter,
  timeToLive,
  path,
];

/** The first cause that the evidence shows for datagrams that did not come. */
export function diagnose(given: Case): Cause | undefined {
  for (const finder of FINDERS) {
    const cause = finder(given);
    if (cause) return cause;
  }
  return undefined;
}

/** Why something was heard that must not be. */
export function diagnoseLeak({ destinations, receiver }: Case): string {
  const { group } = destinations.test;
  const { interface: name } = receiver;
  return hasJoined(receiver, group)
    ? `the receiver's ${name} has joined ${group}, as ${joinsTable(group)} shows`
    : `the receiver's ${name} has not joined ${group}, yet its kernel delivered it`;
}

/** Why the sender's stream to the receiver's address does not come. */
export function diagnoseUnicast(given: Case, address: string | undefined): Cause {
  const { sender, receiver } = given;
  const ends = [senderPod, senderLink, receiverPod, receiverLink, duplicateAddress];
  const found = ends.map((finder) => finder(given)).find((cause) => cause !== undefined);
  if (found) return found;
  const what = `no unicast comes from ${placeOf(sender)} to ${address ?? "its address"} on ${placeOf(receiver)}`;
  return { text: `${what}: look for a firewall, a NetworkPolicy, an address that is in use twice`, certain: false };
}

function placeOf({ host, state }: Side): string {
  return host === undefined ? `node ${state?.node}` : `external host ${host}`;
}

function hasJoined({ evidence }: Side, group: string): boolean {
  return evidence?.memberships.groups.includes(canonical(group)) ?? false;
}

function joinsTable(group: string): string {
  return familyOf(group) === 4 ? "/proc/net/igmp" : "/proc/net/igmp6";
}

function podCause(side: Side): Cause | undefined {
  const { title, pod, host, state, quiet } = side;
  if (host !== undefined) return quiet ? hostCause(title, host, state) : undefined;
  if (state && !state.exists) return certain(`${title}'s pod ${pod} does not exist`);
  if (state?.phase !== undefined && state.phase !== "Running") {
    const why = state.containerReason === undefined ? "" : ` (${state.containerReason})`;
    return certain(`${title}'s pod ${pod} is ${state.phase}${why}`);
  }
  if (!quiet) return undefined;
  return { text: `${title}'s pod ${pod} prints nothing${containerText(state)}`, certain: false };
}

function containerText({ containerReason, lastWords }: Partial<PodState> = {}): string {
  const why = containerReason === undefined ? "" : `; its container is in ${containerReason}`;
  return lastWords === undefined ? why : `${why}; its container said last: ${lastWords}`;
}

function hostCause(title: string, host: string, state: PodState | undefined): Cause {
  const why = state?.complaint ?? "it is connected, but says nothing";
  return { text: `${title}'s program on external host ${host} cannot be heard: ${why}`, certain: false };
}

function linkCause({ title, host, evidence }: Side, { test }: Destinations): Cause | undefined {
  if (!evidence) return undefined;
  const { interface: name, present, carrier, operstate, addresses: own } = evidence;
  const owner = host === undefined ? "pod" : `external host ${host}`;
  const see = host === undefined ? "; see its network-status annotation" : "";
  if (!present) return certain(`${title}'s ${owner} has no interface ${name}${see}`);
  if (operstate !== undefined && carrier === undefined) return certain(`${title}'s ${name} is down`);
  if (carrier === false || operstate === "lowerlayerdown")
    return certain(`${title}'s ${name} has no carrier: the host's interface under it is down or unplugged`);
  const orDown = operstate === undefined ? ", or is down" : "";
  return own.length === 0
    ? certain(`${title}'s ${name} has no IPv${familyOf(test.group)} address${orDown}`)
    : undefined;
}

function addresses({ evidence }: Side): string[] {
  return (evidence?.addresses ?? []).map(withoutPrefix);
}
