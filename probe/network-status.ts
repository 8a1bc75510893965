import type { CheckedPod, ExpectedInterface, StatusAskConfig, StatusOfPod } from "./config";
import { ApiError, type KubeApi } from "./kube-api";
import { list, object, optional, text as textOf, tryParse } from "./shape";
import { REPORT_SCHEMA_VERSION, type ReceiverReport, type Report } from "./report";

/** One network of a pod, as the meta-plugin writes it (https://github.com/k8snetworkplumbingwg/multi-net-spec). */
export interface NetworkStatus {
  readonly name?: string;
  readonly interface?: string;
  readonly ips?: readonly string[];
  readonly mac?: string;
}

const ANNOTATION = "k8s.v1.cni.cncf.io/network-status";
const UNICAST_MAC = /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i;

/** Holds what the meta-plugin says of each pod against what was asked for. It is said before a pod runs, so one look is enough. */
export async function statusAsk(config: StatusAskConfig, api: KubeApi): Promise<Report> {
  const startedAt = new Date().toISOString();
  const looks = config.pods.map((pod) => look(config, pod, api));
  const receivers = await Promise.all(looks);
  const passed = receivers.filter(({ verdict }) => verdict === "passed").length;
  const { check, namespace, image } = config.report;
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    kind: "status",
    check,
    namespace,
    group: "",
    port: 0,
    ttl: 0,
    network: { kind: "attached", name: "network-status" },
    interface: "",
    image,
    verdict: passed === receivers.length ? "passed" : "failed",
    summary: `${passed} of ${receivers.length} pods have the interfaces that they asked for`,
    sender: { ...config.sender, addresses: [] },
    receivers,
    times: { startedAt, judgedAt: new Date().toISOString(), judgedSeconds: 0 },
    transportRetries: api.retries,
  };
}

interface PodObject {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly nodeName?: string };
}

async function look({ report }: StatusAskConfig, pod: StatusOfPod, api: KubeApi): Promise<ReceiverReport> {
  const found = await readPod(api, report.namespace, pod);
  const text = found?.metadata?.annotations?.[ANNOTATION];
  const statuses = text === undefined ? undefined : parseStatuses(text);
  const faults = statusFaults(pod.interfaces, statuses);
  const attached = (statuses ?? []).filter(({ interface: name }) => pod.interfaces.some((each) => each.name === name));
  const right = pod.interfaces.length - new Set(faults.map(({ name }) => name)).size;
  const expected = pod.interfaces.length;
  const notCounted = { duplicates: 0, outOfOrder: 0, foreign: 0, controlSent: 0, controlReceived: 0 };
  return {
    name: pod.name,
    pod: pod.pod,
    node: found?.spec?.nodeName ?? pod.node,
    addresses: attached.flatMap(({ ips = [] }) => ips),
    joins: [],
    expectation: "heard",
    verdict: faults.length === 0 ? "passed" : "failed",
    reason: faults.length === 0 ? attached.map(describe).join("; ") : faults.map(({ text: fault }) => fault).join("; "),
    numbers: {
      sent: expected,
      received: right,
      lossPercent: Math.round((1 - right / expected) * 10_000) / 100,
      ...notCounted,
    },
  };
}

function describe({ interface: name, ips = [], mac = "" }: NetworkStatus): string {
  return `${name} has ${ips.join(", ")} and ${mac}`;
}

async function readPod(api: KubeApi, namespace: string, { pod }: CheckedPod): Promise<PodObject | undefined> {
  try {
    return (await api.json("GET", `/api/v1/namespaces/${namespace}/pods/${pod}`)) as PodObject;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The pod can write its annotation too, where its service account may. */
const statusShape = list(
  object<NetworkStatus>({
    name: optional(textOf(600)),
    interface: optional(textOf(64)),
    ips: optional(list(textOf(64), 100)),
    mac: optional(textOf(64)),
  }),
  1000,
);

function parseStatuses(text: string): NetworkStatus[] | undefined {
  return tryParse(text, statusShape);
}

/** What is wrong with one interface. */
export interface StatusFault {
  readonly name: string;
  readonly text: string;
}

/** What is wrong with a pod's interfaces. */
export function statusFaults(
  expected: readonly ExpectedInterface[],
  statuses: readonly NetworkStatus[] | undefined,
): StatusFault[] {
  const macs = (statuses ?? []).map(({ mac }) => mac?.toLowerCase());
  return expected.flatMap((wanted) => {
    const { name } = wanted;
    if (statuses === undefined)
      return {
        name,
        text: `no ${name}: the pod has no ${ANNOTATION} annotation that can be read, so Multus did not attach it`,
      };
    const status = statuses.find((each) => each.interface === name);
    if (status === undefined) return { name, text: `no ${name} in ${ANNOTATION}` };
    const texts = faultsOfOne(wanted, status);
    if (macs.filter((mac) => mac === status.mac?.toLowerCase()).length > 1)
      texts.push(`${name} shares its MAC ${status.mac}`);
    return texts.map((text) => ({ name, text }));
  });
}

function faultsOfOne({ name, network, ips, mac }: ExpectedInterface, status: NetworkStatus): string[] {
  const has = status.ips ?? [];
  const missing = ips.filter((ip) => !has.includes(ip));
  return [
    ...(status.name === network ? [] : [`${name} is of ${status.name}, not ${network}`]),
    ...(has.length > 0 ? [] : [`${name} has no IP`]),
    ...(missing.length === 0 || has.length === 0 ? [] : [`${name} has ${has.join(", ")}, not ${missing.join(", ")}`]),
    ...(UNICAST_MAC.test(status.mac ?? "") ? [] : [`${name} has no MAC`]),
    ...(mac === undefined || mac.toLowerCase() === status.mac?.toLowerCase()
      ? []
      : [`${name} has MAC ${status.mac}, not ${mac}`]),
  ];
}
