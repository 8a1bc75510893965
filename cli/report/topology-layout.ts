import type { PodReport, ReceiverReport, Report } from "../../probe/report";
import type { LabReport, ReportedHost } from "./model";

/** Measures of the drawing, in its own units. */
export const SIZE = {
  host: 214,
  gap: 12,
  heading: 56,
  podLeft: 10,
  pod: { width: 160, height: 58, step: 68 },
  /** Distance of the lanes on which edges run from the pods to the bus. */
  lane: 10,
  port: 26,
  /** From the hosts' lower border to the bus. */
  drop: 44,
} as const;

/** A pod, placed inside its host. */
export interface PlacedPod {
  readonly pod: PodReport;
  /** Absent for the sender. */
  readonly receiver?: ReceiverReport;
  readonly x: number;
  readonly y: number;
  /** Where its edge comes down to the bus. */
  readonly laneX: number;
}

/** A host or node with the check's pods on it. */
export interface PlacedHost {
  readonly name: string;
  readonly role: string;
  readonly address?: string;
  readonly dataInterface: string;
  readonly x: number;
  readonly pods: readonly PlacedPod[];
}

/** The whole drawing of a check. */
export interface Layout {
  readonly hosts: readonly PlacedHost[];
  readonly width: number;
  readonly height: number;
  /** Height of every host's box. */
  readonly hostHeight: number;
  readonly busY: number;
}

/** Hosts side by side over the bus; in each, pods below each other. */
export function layout(lab: Pick<LabReport, "hosts">, report: Report): Layout {
  const pods: Pick<PlacedPod, "pod" | "receiver">[] = [
    { pod: report.sender },
    ...report.receivers.map((receiver) => ({ pod: receiver, receiver })),
  ];
  const hosts = hostsOf(
    lab.hosts,
    pods.map(({ pod }) => pod.node),
  ).map((host, index) => {
    const x = index * (SIZE.host + SIZE.gap);
    const own = pods.filter(({ pod }) => nodeOf(pod) === host.name);
    return { ...host, x, pods: own.map((each, row) => place(each, x, row, own.length)) };
  });
  const most = Math.max(1, ...hosts.map((host) => host.pods.length));
  const hostHeight = SIZE.heading + most * SIZE.pod.step + SIZE.port;
  const width = hosts.length * (SIZE.host + SIZE.gap) - SIZE.gap;
  return { hosts, width, hostHeight, busY: hostHeight + SIZE.drop, height: hostHeight + SIZE.drop + 34 };
}

/** The lowest pod takes the nearest lane, so that no two edges cross. */
function place(each: Pick<PlacedPod, "pod" | "receiver">, hostX: number, row: number, count: number): PlacedPod {
  const x = hostX + SIZE.podLeft;
  const spare = SIZE.host - SIZE.podLeft - SIZE.pod.width - SIZE.lane;
  const distance = Math.min(SIZE.lane, spare / (count + 1));
  const laneX = x + SIZE.pod.width + distance * (count - row + 0.6);
  return { ...each, x, y: SIZE.heading + row * SIZE.pod.step, laneX };
}

const UNKNOWN_NODE = "no node known";

function nodeOf({ node }: PodReport): string {
  return node ?? UNKNOWN_NODE;
}

/** The lab's hosts, and the nodes of pods that run elsewhere. */
function hostsOf(
  hosts: readonly ReportedHost[],
  nodes: readonly (string | undefined)[],
): Omit<PlacedHost, "x" | "pods">[] {
  const known = hosts.map(({ name, node, role, address, dataInterface = "" }) => ({
    name: node ?? name,
    role,
    address,
    dataInterface,
  }));
  const others = [...new Set(nodes.map((node) => node ?? UNKNOWN_NODE))].filter(
    (node) => !known.some(({ name }) => name === node),
  );
  return [...known, ...others.map((name) => ({ name, role: "node", dataInterface: "" }))];
}
