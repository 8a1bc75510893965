/** The checks that the fixtures were recorded from: two nodes, the usual receivers, and the documents' socat check. */
import type { ReceiveConfig, SendConfig, SocatAskConfig, VerdictConfig } from "../../../probe/config";

const group = "239.1.1.1";
const neighbour = "239.1.1.2";
const destinations = { test: { group, port: 5004 }, control: { group: "239.1.129.1", port: 5004 } };
const common = { destinations, interface: "net1" } as const;
const image = "lab.local/probe:1";

export const nodes = ["server", "agent"] as const;

/** What a pod runs, where, and under which address. */
export interface PlacedPod {
  readonly node: (typeof nodes)[number];
  readonly address: string;
  readonly config: SendConfig | ReceiveConfig;
}

const receiving = (...joins: string[]): ReceiveConfig => ({ ...common, mode: "receive", joins });

export const pods: Readonly<Record<string, PlacedPod>> = {
  "plane-sender": {
    node: "server",
    address: "198.19.0.10/24",
    config: { ...common, mode: "send", ttl: 4, ratePerSecond: 20 },
  },
  "plane-same-node": { node: "server", address: "198.19.0.11/24", config: receiving(group) },
  "plane-other-node": { node: "agent", address: "198.19.0.12/24", config: receiving(group) },
  "plane-not-joined": { node: "agent", address: "198.19.0.13/24", config: receiving() },
  "plane-other-group": { node: "agent", address: "198.19.0.14/24", config: receiving(neighbour) },
};

export const judging: VerdictConfig = {
  mode: "verdict",
  network: { kind: "attached", name: "plane" },
  report: { check: "plane", namespace: "media", configMap: "plane-report", image },
  destinations,
  ttl: 4,
  interface: "net1",
  sender: { name: "sender", pod: "plane-sender", node: "server" },
  receivers: [
    { name: "same-node", pod: "plane-same-node", node: "server", expect: "heard", joins: [group] },
    { name: "other-node", pod: "plane-other-node", node: "agent", expect: "heard", joins: [group] },
    { name: "not-joined", pod: "plane-not-joined", node: "agent", expect: "silent", joins: [] },
    { name: "other-group", pod: "plane-other-group", node: "agent", expect: "silent", joins: [neighbour] },
  ],
  ratePerSecond: 20,
  windowSeconds: 4,
  deadlineSeconds: 20,
  maxLossPercent: 1,
};

/** Asked in the sender's pod; the listener runs beside `other-node`. */
export const asking: SocatAskConfig = {
  mode: "socat-ask",
  network: { kind: "attached", name: "plane" },
  report: { check: "documents", namespace: "media", configMap: "documents-report", image },
  destination: { group: "224.1.0.1", port: 30102 },
  interface: "net1",
  ttl: 64,
  range: "198.19.0.0/24",
  listener: { name: "mlistener", pod: "mlistener", node: "agent" },
  sender: { name: "msender", pod: "documents-verdict", node: "server" },
  answer: "mlistener",
  deadlineSeconds: 10,
};
