import { ApiError, type KubeApi } from "./kube-api";

/** What the API server says of a pod; nothing of it where the pod does not exist. */
export interface PodState {
  readonly exists: boolean;
  readonly phase?: string;
  readonly node?: string;
  /** Addresses on the cluster's network. */
  readonly addresses?: readonly string[];
  /** Why nothing can be read, of a probe outside the cluster. */
  readonly complaint?: string;
  /** Why its container waits or ended, such as `CrashLoopBackOff`. */
  readonly containerReason?: string;
  /** What its container said last when it ended, in one line. */
  readonly lastWords?: string;
}

type ContainerState = Readonly<Record<string, { readonly reason?: string; readonly message?: string } | undefined>>;

interface ContainerStatus {
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface PodObject {
  readonly spec?: { readonly nodeName?: string };
  readonly metadata?: { readonly deletionTimestamp?: string };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip?: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

function podState({ spec, metadata, status }: PodObject): PodState {
  const container = status?.containerStatuses?.[0];
  const leaving = metadata?.deletionTimestamp !== undefined;
  return {
    exists: true,
    phase: leaving ? "Terminating" : status?.phase,
    node: spec?.nodeName,
    addresses: addressesOf(status),
    containerReason: containerReason(container?.state),
    lastWords: lastWords(container),
  };
}

function addressesOf(status: PodObject["status"]): string[] {
  const all = [status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)];
  return [...new Set(all.filter((ip) => ip !== undefined))];
}

function containerReason(state: ContainerState | undefined): string | undefined {
  return state?.waiting?.reason ?? state?.terminated?.reason;
}

/** Longest part of a container's last words that fits into a reason. */
const MAX_WORDS = 400;

/** The end of the log (`terminationMessagePolicy: FallbackToLogsOnError`) without the probe's own lines and the frames of a stack. */
function lastWords({ state, lastState }: ContainerStatus = {}): string | undefined {
  const lines = (state?.terminated?.message ?? lastState?.terminated?.message ?? "")
    .split("\n")
    .map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !/^(\{|at )/.test(line))
    .at(-1)
    ?.slice(0, MAX_WORDS);
}

/** Asks the API server for a pod's state. */
export async function readPodState(api: KubeApi, namespace: string, pod: string): Promise<PodState> {
  try {
    return podState((await api.json("GET", `/api/v1/namespaces/${namespace}/pods/${pod}`)) as PodObject);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { exists: false };
    throw error;
  }
}
