import type { Destinations, Expectation, NetworkUnderTest } from "./config";
import type { Evidence } from "./evidence";
import { canonical, contains, familyOf, withoutPrefix } from "./address";
import { lookupRoute } from "./kernel-tables";
import type { PodState } from "./pod-state";
import { say, type Cause } from "./sentences";

/** One side of a stream, as seen at the end. */
export interface Side {
  readonly role: "sender" | "receiver";
  /** How messages call it, such as `the sender`. */
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
  readonly receiver: Side & {
    readonly joinError?: string;
    readonly expect: Expectation;
    /** Seconds of the judged ones that its own lines have not spoken of. */
    readonly missingSeconds: number;
    /** Datagrams that its own sockets dropped. */
    readonly dropped: number;
  };
  readonly heardTest: number;
  readonly heardControl: number;
  /** Of the stream to the receiver's address. */
  readonly unicast?: { readonly sent: number; readonly received: number };
}

type Finder = (given: Case) => Cause | undefined;

const senderPod: Finder = ({ sender }) => podCause(sender);
const senderLink: Finder = ({ sender, destinations }) => linkCause(sender, destinations);

const senderRoute: Finder = ({ network, destinations, sender, sendErrors }) => {
  const { group } = destinations.test;
  const { interface: name } = sender;
  const place = network.kind === "attached" ? "network" : "pod";
  const remedy =
    familyOf(group) === 4 ? `add the route 224.0.0.0/4 dev ${name} to the ${place}` : `let the sender choose ${name}`;
  const code = Object.keys(sendErrors)[0];
  if (code === "ENETUNREACH") return say("noRoute", group, remedy);
  const by = sender.evidence?.groupRoute?.interface;
  if (by !== undefined && by !== name) return say("otherRoute", group, by, name, remedy);
  return code === undefined ? undefined : say("sendRefused", group, code);
};

const receiverPod: Finder = ({ receiver }) => podCause(receiver);
const receiverLink: Finder = ({ receiver, destinations }) => linkCause(receiver, destinations);

const receiverLines: Finder = ({ receiver: { pod, missingSeconds } }) =>
  missingSeconds > 0 ? say("linesMissing", pod, missingSeconds) : undefined;

/** Groups that it should hear and does not: no judgement rests on the test group where silence is expected. */
function unheardGroups({ destinations, receiver, heardTest, heardControl }: Case): string[] {
  return [
    ...(receiver.expect === "heard" && heardTest === 0 ? [destinations.test.group] : []),
    ...(heardControl === 0 ? [destinations.control.group] : []),
  ];
}

const membership: Finder = (given) => {
  const { receiver } = given;
  const group = unheardGroups(given).find((wanted) => !hasJoined(receiver, wanted));
  if (!receiver.evidence || group === undefined) return undefined;
  const why = receiver.joinError === undefined ? "" : ` (${receiver.joinError})`;
  return say("notJoined", group, receiver.interface, joinsTable(group), why);
};

const duplicateAddress: Finder = ({ sender, receiver }) => {
  const shared = addresses(sender).find((address) => addresses(receiver).includes(address));
  if (shared === undefined) return undefined;
  return say("sharedAddress", shared);
};

/** The kernel takes the larger of the two values (Documentation/networking/ip-sysctl.rst, rp_filter); 1 is strict. */
const reversePathFilter: Finder = ({ sender, receiver, heardTest, heardControl }) => {
  if (heardTest + heardControl > 0) return undefined;
  const { interface: name } = receiver;
  const source = addresses(sender)[0];
  if (!receiver.evidence || source === undefined) return undefined;
  const { all = 0, interface: own = 0 } = receiver.evidence.reversePathFilter;
  const back = lookupRoute(receiver.evidence.routes, source)?.interface;
  if (Math.max(all, own) !== 1 || back === name) return undefined;
  return say("reversePath", name, source, back ?? "no interface");
};

const timeToLive: Finder = ({ ttl, sender, receiver, heardTest, heardControl }) => {
  if (heardTest + heardControl > 0) return undefined;
  const source = addresses(sender)[0];
  const subnets = receiver.evidence?.addresses ?? [];
  if (ttl > 1 || source === undefined || subnets.length === 0 || subnets.some((cidr) => contains(cidr, source)))
    return undefined;
  return say("timeToLive", ttl, source, subnets.join(", "));
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

const droppedBySocket: Finder = ({ receiver: { dropped } }) =>
  dropped > 0 ? say("droppedBySocket", dropped) : undefined;

const path: Finder = (given) => {
  const { network, destinations, sender, receiver, heardTest, heardControl } = given;
  const { test, control } = destinations;
  const unheard = [...new Set(unheardGroups(given))];
  if (unheard.length === 0) return undefined;
  if (heardTest > 0) return say("onlyTestHeard", test.group, control.group);
  if (heardControl > 0) return say("onlyControlHeard", control.group, test.group);
  const [from, to] = [placeOf(sender), placeOf(receiver)];
  const where =
    from === to ? `between two ${sender.host === undefined ? "pods" : "programs"} of ${from}` : `from ${from} to ${to}`;
  const groups = unheard.join(" and ");
  const unknown = [sender, receiver].filter(({ evidence }) => !evidence).map(({ title }) => title);
  return unknown.length > 0
    ? say("oneEndKnown", groups, where, unknown.join(" and "))
    : say("bothEndsInOrder", groups, where, SUSPECTS[network.kind]);
};

/** In the order in which one fault hides the next. */
const FINDERS: readonly Finder[] = [
  senderPod,
  senderLink,
  senderRoute,
  receiverPod,
  receiverLines,
  receiverLink,
  membership,
  duplicateAddress,
  reversePathFilter,
  timeToLive,
  droppedBySocket,
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
  const ends = [senderPod, senderLink, receiverPod, receiverLines, receiverLink, duplicateAddress, droppedBySocket];
  const found = ends.map((finder) => finder(given)).find((cause) => cause !== undefined);
  if (found) return found;
  const { sent, received } = given.unicast ?? { sent: 0, received: 0 };
  if (sent === 0) return say("unicastNotSent", address ?? "its address");
  if (received >= sent) return say("unicastPaused", sent);
  if (received > 0) return say("someUnicast", received, sent);
  return say("noUnicast", placeOf(sender), address ?? "its address", placeOf(receiver));
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
  const { role, title, pod, host, state, quiet } = side;
  if (host !== undefined) return quiet ? hostCause(side, host) : undefined;
  if (state && !state.exists) return say(`${role}PodMissing`, title, pod);
  if (state?.phase !== undefined && state.phase !== "Running") return phaseCause(side, state.phase);
  if (!quiet) return undefined;
  return say(`${role}PodQuiet`, title, pod, containerText(state));
}

/** What is Pending or not yet known may still come. */
function phaseCause({ role, title, pod, state }: Side, phase: string): Cause {
  const why = state?.containerReason === undefined ? "" : ` (${state.containerReason})`;
  const ended = ["Failed", "Succeeded", "Terminating"].includes(phase);
  return say(ended ? `${role}PodEnded` : `${role}PodNotRunning`, title, pod, `${phase}${why}`);
}

function containerText({ containerReason, lastWords }: Partial<PodState> = {}): string {
  const why = containerReason === undefined ? "" : `; its container is in ${containerReason}`;
  return lastWords === undefined ? why : `${why}; its container said last: ${lastWords}`;
}

function hostCause({ role, title, state }: Side, host: string): Cause {
  return say(`${role}HostQuiet`, title, host, state?.complaint ?? "it is connected, but says nothing");
}

function linkCause({ role, title, host, evidence }: Side, { test }: Destinations): Cause | undefined {
  if (!evidence) return undefined;
  const { interface: name, present, carrier, operstate, addresses: own } = evidence;
  const owner = host === undefined ? "pod" : `external host ${host}`;
  const see = host === undefined ? "; see its network-status annotation" : "";
  if (!present) return say(`${role}NoInterface`, title, owner, name, see);
  if (operstate !== undefined && carrier === undefined) return say(`${role}InterfaceDown`, title, name);
  if (carrier === false || operstate === "lowerlayerdown") return say(`${role}NoCarrier`, title, name);
  const orDown = operstate === undefined ? ", or is down" : "";
  return own.length === 0 ? say(`${role}NoAddress`, title, name, familyOf(test.group), orDown) : undefined;
}

function addresses({ evidence }: Side): string[] {
  return (evidence?.addresses ?? []).map(withoutPrefix);
}
