import type { CheckedPod } from "./config";
import type { KubeApi } from "./kube-api";
import { pause } from "./log-follower";
import { readPodState, type PodState } from "./pod-state";

const READ_EVERY_MS = 500;

/** States of a check's pods, read over and over; while the API server does not answer they are what it said last. */
export class PodStates {
  public latest: ReadonlyMap<string, PodState> = new Map();
  /** How often all of them were read. */
  public rounds = 0;

  public constructor(
    private readonly api: KubeApi,
    private readonly pods: readonly CheckedPod[],
    private readonly namespace: string,
    /** What is wrong with the connection to a probe outside the cluster. */
    private readonly complaintOf: (pod: string) => string | undefined,
  ) {}

  /** Reads them until `signal` aborts. */
  public async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.latest = new Map(await Promise.all(this.pods.map((checked) => this.read(checked))));
        this.rounds += 1;
      } catch {
        // The next round tries again; requests that were made again are counted by the API's client.
      }
      await pause(READ_EVERY_MS, signal);
    }
  }

  private async read({ pod, namespace, node, outlet }: CheckedPod): Promise<[string, PodState]> {
    if (outlet) return [pod, { exists: true, node, complaint: this.complaintOf(pod) }];
    return [pod, await readPodState(this.api, namespace ?? this.namespace, pod)];
  }
}
