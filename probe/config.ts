/** What a probe is told, as one JSON file. The constructs write it, `main.ts` reads it. It holds no secret: the key is a file of its own. */

/** One stream of datagrams: where it goes, and which of the two of a check it is. */
export interface Destination {
  /** Multicast group address. */
  readonly group: string;
  /** UDP port. */
  readonly port: number;
}

/** A stream to a group: `test` is what is judged, `control` proves that sender, path and receiver live. */
export type GroupStream = "test" | "control";

/** A stream's name; `unicast` goes to addresses of receivers. */
export type StreamName = GroupStream | "unicast";

/** Both streams of a check that go to groups. */
export type Destinations = Readonly<Record<GroupStream, Destination>>;

/** Where a probe outside the cluster hands out its lines, which nobody else could read. */
export interface Outlet {
  /** IP address of the machine on the network under test. */
  readonly address: string;
  /** TCP port. */
  readonly port: number;
}

/** Sends the streams for as long as the pod lives. */
export interface SendConfig {
  readonly mode: "send";
  readonly destinations: Destinations;
  /** TTL of the datagrams. */
  readonly ttl: number;
  /** Datagrams of each stream in one second; also the size of a block. */
  readonly ratePerSecond: number;
  /** The attached interface: evidence is taken from it, and datagrams should leave by it. */
  readonly interface: string;
  /** Leave by `interface` whatever the routing table says; an application rarely does that. */
  readonly bindToInterface?: boolean;
  /** Addresses of receivers that get the stream `unicast`, on the test stream's port. */
  readonly unicast?: readonly string[];
  /** UDP port on which the verdict tells further addresses for it. */
  readonly rosterPort?: number;
  /** How many addresses the verdict may tell there; none where undefined. */
  readonly rosterSize?: number;
  /** Lines are handed out here and not printed. */
  readonly outlet?: Outlet;
}

/** Counts what comes, for as long as the pod lives. */
export interface ReceiveConfig {
  readonly mode: "receive";
  readonly destinations: Destinations;
  /** Groups to join on `interface` besides the control group; empty for a receiver that must stay deaf. */
  readonly joins: readonly string[];
  readonly interface: string;
  /** Lines are handed out here and not printed. */
  readonly outlet?: Outlet;
}

/** What must be true of a receiver. */
export type Expectation = "heard" | "silent";

/** A pod of the check, as the verdict knows it. */
export interface CheckedPod {
  /** Name in the report, such as `other-node`. */
  readonly name: string;
  /** Name of the Pod object; outside the cluster a name of the same form. */
  readonly pod: string;
  /** Namespace of the pod, where it is not the check's. */
  readonly namespace?: string;
  /** Node that the pod was placed on, where that was fixed; the host's name outside the cluster. */
  readonly node?: string;
  /** Interface that evidence is taken from, where it is not the check's. */
  readonly interface?: string;
  /** Where its lines are read, of a probe outside the cluster; there is no pod then. */
  readonly outlet?: Outlet;
}

/** A receiver of the check, as the verdict knows it. */
export interface CheckedReceiver extends CheckedPod {
  readonly expect: Expectation;
  /** What must be true of the sender's stream to its address; not judged where undefined. */
  readonly unicast?: Expectation;
  /** That address, where it is known; the pod's own on the cluster's network else. */
  readonly address?: string;
  /** Stream that shows that it hears the sender at all where the network keeps the control group from it; that group else. */
  readonly proof?: "unicast";
  /** Groups it was told to join, for the diagnosis. */
  readonly joins: readonly string[];
}

/** What carries the streams. */
export interface NetworkUnderTest {
  /** `attached` beside the cluster's network, or `cluster`: that network itself. */
  readonly kind: "attached" | "cluster";
  /** Name in the report. */
  readonly name: string;
}

/** Where the verdict writes and what it says of itself. */
export interface ReportTarget {
  readonly check: string;
  readonly namespace: string;
  /** ConfigMap that takes the report. */
  readonly configMap: string;
  readonly image: string;
}

/** Switches multicast on and off in the check's namespace while it judges. */
export interface SwitchConfig {
  /** Annotation of the namespace that switches it. */
  readonly annotation: string;
  /** What it is when multicast is on; the namespace lacks it else. */
  readonly value: string;
  /** Seconds after which a change must have come to all. */
  readonly seconds: number;
}

/** Reads the other pods' logs and judges. */
export interface VerdictConfig {
  readonly mode: "verdict";
  readonly report: ReportTarget;
  readonly network: NetworkUnderTest;
  readonly destinations: Destinations;
  readonly ttl: number;
  readonly interface: string;
  readonly sender: CheckedPod;
  /** UDP port on which the sender is told the addresses for unicast that only the API knows. */
  readonly rosterPort?: number;
  readonly receivers: readonly CheckedReceiver[];
  /** Datagrams of each stream that the sender must send in one second: what is lost is measured by that. */
  readonly ratePerSecond: number;
  /** Seconds of traffic, which is also blocks, that are judged. */
  readonly windowSeconds: number;
  /** After so many seconds the verdict falls with what is known. */
  readonly deadlineSeconds: number;
  /** Loss that `heard` puts up with, in percent. */
  readonly maxLossPercent: number;
  /** Where it is switched under the stream: the receivers are judged before, on, off and on again. */
  readonly switched?: SwitchConfig;
}

/** Runs the listener of the documents' own check: socat, joined on the attached interface. */
export interface SocatListenConfig {
  readonly mode: "socat-listen";
  readonly destination: Destination;
  readonly interface: string;
}

/** Asks the group by socat, as the documents do, until the listener answers. */
export interface SocatAskConfig {
  readonly mode: "socat-ask";
  readonly report: ReportTarget;
  readonly network: NetworkUnderTest;
  readonly destination: Destination;
  readonly interface: string;
  readonly ttl: number;
  /** The listener's address on an attached network, where it is known: answers are taken from it alone. */
  readonly listenerAddress?: string;
  /** Addresses that answers are taken from where the listener's is not known, in CIDR notation. */
  readonly range: string;
  readonly listener: CheckedPod;
  readonly sender: CheckedPod;
  /** Start of the host name that must come back; its end follows from the deployment's key. */
  readonly answer: string;
  readonly deadlineSeconds: number;
}

/** Answers on TCP with its name and with whom it hears in the group, as an application behind a Service. */
export interface AnswerConfig {
  readonly mode: "answer";
  /** Its name in the group and in its answers. */
  readonly name: string;
  /** TCP port. */
  readonly port: number;
  readonly destination: Destination;
  readonly ttl: number;
  /** Whether it sends to the group; it joins in any case. */
  readonly sends: boolean;
}

/** A Service that is asked, and the pod behind it. */
export interface AskedService extends CheckedPod {
  /** Whether `pod` names a Pod object; else it names what makes the pod. */
  readonly isPod: boolean;
  /** Name of the Service object. */
  readonly service: string;
  /** Names of exactly those whom the pod must hear in the group. */
  readonly hears: readonly string[];
}

/** Asks Services of its own namespace. */
export interface ServiceAskConfig {
  readonly mode: "service-ask";
  readonly report: ReportTarget;
  readonly network: NetworkUnderTest;
  readonly destination: Destination;
  readonly ttl: number;
  /** The asker's own interface. */
  readonly interface: string;
  readonly sender: CheckedPod;
  readonly services: readonly AskedService[];
  /** TCP port of all of them. */
  readonly port: number;
  /** All must answer rightly for so many seconds without a break. */
  readonly windowSeconds: number;
  readonly deadlineSeconds: number;
}

/** An interface that a pod asked for. */
export interface ExpectedInterface {
  /** Name inside the pod. */
  readonly name: string;
  /** `NAMESPACE/NAME` of its network. */
  readonly network: string;
  /** Addresses that it must have, without prefix length; none where the IPAM chooses. */
  readonly ips: readonly string[];
  /** MAC that it must have, where one was asked for. */
  readonly mac?: string;
}

/** A pod and the interfaces that it must have. */
export interface StatusOfPod extends CheckedPod {
  readonly interfaces: readonly ExpectedInterface[];
}

/** Reads what the meta-plugin says of pods. */
export interface StatusAskConfig {
  readonly mode: "status-ask";
  readonly report: ReportTarget;
  readonly sender: CheckedPod;
  readonly pods: readonly StatusOfPod[];
}

/** Any of the probe's jobs. */
export type ProbeConfig =
  | SendConfig
  | ReceiveConfig
  | VerdictConfig
  | SocatListenConfig
  | SocatAskConfig
  | AnswerConfig
  | ServiceAskConfig
  | StatusAskConfig;
