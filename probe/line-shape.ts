import type { Evidence } from "./evidence";
import type { InterfaceCounters, Memberships, Route } from "./kernel-tables";
import type { FaultLine, HeardBlock, ProbeLine, ReceiverLine, SenderLine, SentBlock } from "./lines";
import {
  addressText,
  count,
  flag,
  integer,
  list,
  matching,
  number,
  object,
  oneOf,
  optional,
  record,
  ShapeError,
  text,
  tryParse,
  type Shape,
} from "./shape";

/** More of anything than a line of the greatest length could hold. */
const MANY = 50_000;
/** Greatest time that a Date holds. */
const at = number(0, 8.64e15);
const run = matching(/^[0-9A-Za-z]{1,64}$/);
const streamName = oneOf("test", "control", "unicast");
const words = text(2000);
/** The kernel counts in 64 bits. */
const kernelCount = number(0, 2 ** 64);

const route: Shape<Route> = object<Route>({
  interface: text(64),
  destination: addressText,
  gateway: optional(addressText),
  metric: kernelCount,
});

const memberships: Shape<Memberships> = object<Memberships>({
  groups: list(addressText, MANY),
  version: optional(text(8)),
});

const counters: Shape<InterfaceCounters> = object<InterfaceCounters>({
  rxPackets: kernelCount,
  rxDropped: kernelCount,
  rxMulticast: kernelCount,
  txPackets: kernelCount,
  txDropped: kernelCount,
});

/** What a probe says of its interface. */
export const evidenceShape: Shape<Evidence> = object<Evidence>({
  interface: text(64),
  present: flag,
  operstate: optional(text(32)),
  carrier: optional(flag),
  mtu: optional(count),
  mac: optional(text(64)),
  linkType: optional(text(64)),
  networkNamespace: optional(text(128)),
  addresses: list(addressText, MANY),
  duplicates: optional(list(addressText, MANY)),
  memberships,
  counters: optional(counters),
  reversePathFilter: object<Evidence["reversePathFilter"]>({ all: optional(count), interface: optional(count) }),
  routes: list(route, MANY),
  groupRoute: optional(route),
});

/** Block numbers and sizes are those of a datagram's fields (probe/packet.ts). */
const blockNumber = integer(0, 0xffffffff);

const sentBlock: Shape<SentBlock> = object<SentBlock>({
  stream: streamName,
  to: optional(addressText),
  block: blockNumber,
  sent: count,
  errors: record(count, 100),
});

const heardBlock: Shape<HeardBlock> = object<HeardBlock>({
  sender: run,
  stream: streamName,
  block: blockNumber,
  received: count,
  duplicates: count,
  outOfOrder: count,
  alsoBy: optional(list(text(64), 256)),
});

const senderLine: Shape<SenderLine> = object<SenderLine>({
  role: oneOf("sender"),
  at,
  incarnation: run,
  sequence: count,
  blocks: list(sentBlock, MANY),
  evidence: evidenceShape,
});

const receiverLine: Shape<ReceiverLine> = object<ReceiverLine>({
  role: oneOf("receiver"),
  at,
  incarnation: run,
  sequence: count,
  elapsedMs: count,
  socketDrops: optional(count),
  joined: list(addressText, MANY),
  joinError: optional(words),
  blocks: list(heardBlock, MANY),
  foreign: count,
  firstHeardAfterMs: object<ReceiverLine["firstHeardAfterMs"]>({ test: optional(count), control: optional(count) }),
  evidence: evidenceShape,
});

const faultLine: Shape<FaultLine> = object<FaultLine>({ role: oneOf("fault"), at, text: words });

/** A line of a probe, whole; a line of another role or shape throws. */
export const lineShape: Shape<ProbeLine> = (value) => {
  const role = typeof value === "object" && value !== null && "role" in value ? value.role : undefined;
  if (role === "sender") return senderLine(value);
  if (role === "receiver") return receiverLine(value);
  if (role === "fault") return faultLine(value);
  throw new ShapeError("must have a role of a probe");
};

/** Reads a line of a pod's log, or of a probe outside; text that another program printed, or that is no whole line, gives nothing. */
export function parseLine(line: string): ProbeLine | undefined {
  return line.startsWith("{") ? tryParse(line, lineShape) : undefined;
}
