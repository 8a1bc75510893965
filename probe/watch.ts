import { createSocket, type Socket } from "node:dgram";
import { familyOf } from "./address";
import type { CheckedPod, VerdictConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { addressOf, obstacle, type Situation } from "./judge";
import type { KubeApi } from "./kube-api";
import { parseLine } from "./line-shape";
import { followLog, pause } from "./log-follower";
import { Observations } from "./observations";
import { readPodState, type PodState } from "./pod-state";
import { RosterWriter } from "./roster";
import { followOutlet } from "./outlet-follower";

/** How often it is looked whether the window is complete. */
const LOOK_MS = 500;
/** A fault that evidence names must stand for so long before the verdict falls early. */
const FAULT_STANDS_MS = 3000;
/** Log lines of so many seconds more than the window are read from the past. */
const HISTORY_MARGIN_SECONDS = 5;

/** Reads the probes' lines until there is a window, a fault that waiting cannot mend, or the deadline. */
export async function watch(config: VerdictConfig, api: KubeApi, key: DeploymentKey): Promise<Situation> {
  const watcher = new Watcher(config, api, key);
  const stop = new AbortController();
  const followers = [config.sender, ...config.receivers].map((checked) => watcher.follow(checked, stop.signal));
  const roster = config.rosterPort === undefined ? undefined : createSocket(`udp${groupFamily(config)}`);
  // A refusal comes back while the sender does not listen yet.
  roster?.on("error", () => undefined);
  try {
    return await watcher.untilDecided(roster);
  } finally {
    stop.abort();
    roster?.close();
    await Promise.all(followers);
  }
}

function groupFamily({ destinations }: VerdictConfig): 4 | 6 {
  return familyOf(destinations.test.group);
}

class Watcher {
  private readonly observations: Observations;
  private readonly roster: RosterWriter;
  /** What is wrong with the connections to probes outside the cluster. */
  private readonly complaints = new Map<string, string | undefined>();
  /** What ended probes outside the cluster, the last time. */
  private readonly faults = new Map<string, string>();

  public constructor(
    private readonly config: VerdictConfig,
    private readonly api: KubeApi,
    private readonly key: DeploymentKey,
  ) {
    this.observations = new Observations(config);
    this.roster = new RosterWriter(key);
  }

  public follow({ pod, namespace, outlet }: CheckedPod, signal: AbortSignal): Promise<void> {
    const onLine = (text: string): void => {
      const line = parseLine(text);
      // A receiver's log says nothing of what was sent, whatever stands in it.
      if (!line || line.role === (pod === this.config.sender.pod ? "receiver" : "sender")) return;
      if (line.role === "fault") this.faults.set(pod, line.text);
      else {
        this.faults.delete(pod);
        this.observations.add(pod, line, performance.now());
      }
    };
    if (outlet)
      return followOutlet(outlet, this.key, onLine, (complaint) => this.complaints.set(pod, complaint), signal);
    const source = {
      namespace: namespace ?? this.config.report.namespace,
      name: pod,
      historySeconds: this.config.windowSeconds + HISTORY_MARGIN_SECONDS,
    };
    return followLog(this.api, source, onLine, signal);
  }

  public async untilDecided(roster: Socket | undefined): Promise<Situation> {
    const { config, observations } = this;
    const startedAt = performance.now();
    let faultSince = startedAt;
    for (;;) {
      const now = performance.now();
      const situation = { config, observations, podStates: await this.podStates(), now };
      if (observations.window(now) || now - startedAt >= config.deadlineSeconds * 1000) return situation;
      if (roster) this.tell(roster, situation);
      if (!config.receivers.some((receiver) => obstacle(situation, receiver)?.certain)) faultSince = now;
      if (now - faultSince >= FAULT_STANDS_MS) return situation;
      await pause(LOOK_MS, new AbortController().signal);
    }
  }

  /** Tells the sender the addresses that only the API knows. */
  private tell(socket: Socket, situation: Situation): void {
    const { sender, receivers, rosterPort } = this.config;
    const family = groupFamily(this.config);
    const to = situation.podStates.get(sender.pod)?.addresses?.find((address) => familyOf(address) === family);
    // The sender's run is known from its log alone: what is told to it cannot be repeated to another.
    const run = this.observations.senderLine?.incarnation;
    if (to === undefined || rosterPort === undefined || run === undefined) return;
    const wanted = receivers.filter(({ unicast, proof }) => unicast !== undefined || proof !== undefined);
    const addresses = wanted.flatMap((receiver) => addressOf(situation, receiver) ?? []);
    socket.send(this.roster.next(run, addresses), rosterPort, to, () => undefined);
  }

  private async podStates(): Promise<Map<string, PodState>> {
    const { sender, receivers, report } = this.config;
    const states = [sender, ...receivers].map(async ({ pod, namespace, node, outlet }) => {
      const state = outlet
        ? { exists: true, node, complaint: this.faults.get(pod) ?? this.complaints.get(pod) }
        : await readPodState(this.api, namespace ?? report.namespace, pod);
      return [pod, state] as const;
    });
    return new Map(await Promise.all(states));
  }
}
