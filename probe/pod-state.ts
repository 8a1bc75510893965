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
}

type ContainerState = Readonly<Record<string, { readonly reason?: string } | undefined>>;

interface PodObject {
  readonly spec?: { readonly nodeName?: string };
  readonly metadata?: { readonly deletionTimestamp?: string };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip?: string }[];
    readonly containerStatuses?: readonly { readonly state?: ContainerState }[];
  };
}

function podState({ spec, metadata, status }: PodObject): PodState {
  const leaving = metadata?.deletionTimestamp !== undefined;
  return {
    exists: true,
    phase: leaving ? "Terminating" : status?.phase,
    node: spec?.nodeName,
    addresses: addressesOf(status),
    containerReason: containerReason(status?.containerStatuses?.[0]?.state),
  };
}

function addressesOf(status: PodObject["status"]): string[] {
  const all = [status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)];
  return [...new Set(all.filter((ip) => ip !== undefined))];
}

function containerReason(state: ContainerState | undefined): string | undefined {
  return state?.waiting?.reason ?? state?.terminated?.reason;
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
