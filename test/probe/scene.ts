import type { StreamName, VerdictConfig } from "../../probe/config";
import type { Evidence } from "../../probe/evidence";
import { Observations } from "../../probe/observations";
import type { HeardBlock } from "../../probe/lines";
import type { Offer } from "../../probe/sender-loss";
import type { PodState } from "../../probe/pod-state";
import type { Situation } from "../../probe/situation";
import { judge } from "../../probe/verdict";
import type { Report } from "../../probe/report";

export const RATE = 20;
const WINDOW = 5;
/** Where unicast goes, which always arrives. */
export const DEAF_ADDRESS = "10.20.0.3";
const routes = [
  { interface: "eth0", destination: "0.0.0.0/0", gateway: "10.42.0.1", metric: 0 },
  { interface: "net1", destination: "10.20.0.0/24", metric: 0 },
  { interface: "net1", destination: "224.0.0.0/4", metric: 0 },
];

/** A pod's interface in order, with an address that ends in `host`. */
export function soundEvidence(host: number, ...groups: string[]): Evidence {
  return {
    interface: "net1",
    present: true,
    operstate: "up",
    carrier: true,
    mtu: 1500,
    addresses: [`10.20.0.${host}/24`],
    memberships: { groups: ["239.1.129.1", ...groups] },
    reversePathFilter: { all: 0, interface: 0 },
    routes,
    groupRoute: routes[2],
  };
}

const destinations = {
  test: { group: "239.1.1.1", port: 5004 },
  control: { group: "239.1.129.1", port: 5004 },
};

export const config: VerdictConfig = {
  mode: "verdict",
  network: { kind: "attached", name: "plane" },
  report: { check: "plane", namespace: "media", configMap: "plane-report", image: "probe:1" },
  destinations,
  ttl: 1,
  interface: "net1",
  sender: { name: "sender", pod: "sender" },
  receivers: [
    { name: "ear", pod: "ear", expect: "heard", joins: ["239.1.1.1"] },
    { name: "deaf", pod: "deaf", expect: "silent", joins: [] },
  ],
  ratePerSecond: RATE,
  windowSeconds: WINDOW,
  deadlineSeconds: 20,
  maxLossPercent: 1,
};

/** What goes wrong in a scene; what is not said is in order. */
export interface Trouble {
  readonly config?: Partial<VerdictConfig>;
  /** Datagrams that the sender sends in a block. */
  readonly sent?: (block: number) => number;
  /** Errors of each block's test stream. */
  readonly sendErrors?: Record<string, number>;
  /** Datagrams of the other streams that the sender's kernel takes in a block, and errors. */
  readonly controlSent?: Offer;
  readonly unicastSent?: Offer;
  /** Test datagrams that each receiver counts in a block. */
  readonly heard?: Partial<Record<string, (block: number) => number>>;
  /** Control datagrams that each receiver counts in a block. */
  readonly control?: Partial<Record<string, (block: number) => number>>;
  readonly evidence?: Partial<Record<string, Partial<Evidence>>>;
  /** What a receiver notes of each block's test group, or of its control group. */
  readonly noted?: Partial<Record<string, Partial<Record<StreamName, Partial<HeardBlock>>>>>;
  readonly joinError?: string;
  readonly states?: Partial<Record<string, PodState>>;
  /** Pods that print nothing. */
  readonly mute?: readonly string[];
  /** Blocks that the sender gets to. */
  readonly blocks?: number;
}

/** Plays a scene of one line a second for each pod, the first five seconds of them read at once as history. */
export function play(trouble: Trouble): Situation {
  const observations = new Observations({ ...config, ...trouble.config });
  const { blocks = 20, mute = [] } = trouble;
  for (let block = 0; block < blocks; block += 1) {
    const isNews = block >= 5;
    const at = isNews ? (block - 4) * 1000 : 0;
    if (!mute.includes("sender")) observations.add("sender", senderLine(trouble, block), { at, isNews });
    for (const pod of ["ear", "deaf"])
      if (!mute.includes(pod)) observations.add(pod, receiverLine(trouble, pod, block), { at: at + 300, isNews });
  }
  const running = (node: string): PodState => ({ exists: true, phase: "Running", node });
  const states = { sender: running("a"), ear: running("b"), deaf: running("b"), ...trouble.states };
  return {
    config: { ...config, ...trouble.config },
    observations,
    podStates: new Map(Object.entries(states).flatMap(([pod, state]) => (state ? [[pod, state] as const] : []))),
    now: (blocks - 4) * 1000,
  };
}

/** The verdict on a scene. */
export function verdictOn(trouble: Trouble): Report {
  return judge(play(trouble), new Date(0), 0);
}

function senderLine(trouble: Trouble, block: number) {
  const { sent = () => RATE, sendErrors = {}, evidence } = trouble;
  const count = sent(block);
  const { controlSent, unicastSent } = {
    controlSent: { sent: count, errors: {} },
    unicastSent: { sent: count, errors: {} },
    ...trouble,
  };
  return {
    role: "sender" as const,
    at: 0,
    incarnation: "s1",
    sequence: block,
    blocks: [
      { stream: "test" as const, block, sent: count, errors: sendErrors },
      { stream: "control" as const, block, ...controlSent },
      { stream: "unicast" as const, to: DEAF_ADDRESS, block, ...unicastSent },
    ],
    evidence: { ...soundEvidence(1), ...evidence?.sender },
  };
}

function receiverLine({ heard, control, evidence, joinError, noted }: Trouble, pod: string, block: number) {
  const test = heard?.[pod]?.(block) ?? (pod === "ear" ? RATE : 0);
  const other = control?.[pod]?.(block) ?? RATE;
  const counted = (stream: StreamName, received: number) =>
    received === 0
      ? []
      : [{ sender: "s1", stream, block, received, duplicates: 0, outOfOrder: 0, ...noted?.[pod]?.[stream] }];
  const sound = pod === "ear" ? soundEvidence(2, "239.1.1.1") : soundEvidence(3);
  return {
    role: "receiver" as const,
    at: 0,
    incarnation: pod,
    sequence: block,
    elapsedMs: (block + 1) * 1000 + 300,
    joined: [],
    joinError,
    blocks: [...counted("test", test), ...counted("control", other), ...counted("unicast", pod === "deaf" ? RATE : 0)],
    foreign: 0,
    firstHeardAfterMs: {},
    evidence: { ...sound, ...evidence?.[pod] },
  };
}
