import { createSocket, type Socket } from "node:dgram";
import { familyOf } from "./address";
import type { CheckedPod, VerdictConfig } from "./config";
import type { DeploymentKey } from "./deployment-key";
import { obstacles } from "./judge";
import type { KubeApi } from "./kube-api";
import { parseLine } from "./line-shape";
import { followLog, pause } from "./log-follower";
import { Observations } from "./observations";
import { PodStates } from "./pod-states";
import { RosterWriter } from "./roster";
import { followOutlet } from "./outlet-follower";
import { addressOf, type Situation } from "./situation";
import { Standing } from "./standing";
import { windowOf } from "./window";

/** How often it is looked whether the window is complete. */
const LOOK_MS = 500;
/** A look that took longer than this was one in which the verdict itself had no processor, or no API server: it waits that much longer. */
const LONGEST_LOOK_MS = 2 * LOOK_MS;
/** So many lines more than the window has seconds are read from the past, and after a lost connection once more. */
const MORE_LINES = 60;

/** Reads the probes' lines until there is a window, a fault that waiting cannot mend, or the deadline. */
export async function watch(config: VerdictConfig, api: KubeApi, key: DeploymentKey): Promise<Situation> {
  const watcher = new Watcher(config, api, key);
  const stop = new AbortController();
  const following = watcher.follow(stop.signal);
  const roster = config.rosterPort === undefined ? undefined : createSocket(`udp${groupFamily(config)}`);
  // A refusal comes back while the sender does not listen yet.
  roster?.on("error", () => undefined);
  try {
    return await watcher.untilDecided(roster);
  } finally {
    stop.abort();
    roster?.close();
    await following;
  }
}

function groupFamily({ destinations }: VerdictConfig): 4 | 6 {
  return familyOf(destinations.test.group);
}

class Watcher {
  private readonly observations: Observations;
  private readonly roster: RosterWriter;
  private readonly states: PodStates;
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
    this.states = new PodStates(
      api,
      this.pods,
      config.report.namespace,
      (pod) => this.faults.get(pod) ?? this.complaints.get(pod),
    );
  }

  /** Reads all pods' lines and states until `signal` aborts. */
  public async follow(signal: AbortSignal): Promise<void> {
    // A request that waits for the API server is not waited for at the end.
    void this.states.follow(signal);
    await Promise.all(this.pods.map((checked) => this.followOne(checked, signal)));
  }

  private get pods(): CheckedPod[] {
    return [this.config.sender, ...this.config.receivers];
  }

  private followOne({ pod, namespace, outlet }: CheckedPod, signal: AbortSignal): Promise<void> {
    const onLine = (text: string, isNews: boolean): void => {
      const line = parseLine(text);
      // A receiver's log says nothing of what was sent, whatever stands in it.
      if (!line || line.role === (pod === this.config.sender.pod ? "receiver" : "sender")) return;
      if (line.role === "fault") this.faults.set(pod, line.text);
      else {
        this.faults.delete(pod);
        this.observations.add(pod, line, { at: performance.now(), isNews });
      }
    };
    if (outlet)
      return followOutlet(outlet, this.key, onLine, (complaint) => this.complaints.set(pod, complaint), signal);
    const lines = this.config.windowSeconds + MORE_LINES;
    return followLog(
      this.api,
      { namespace: namespace ?? this.config.report.namespace, name: pod, lines },
      onLine,
      signal,
    );
  }

  public async untilDecided(roster: Socket | undefined): Promise<Situation> {
    const { config, observations } = this;
    const standing = new Standing();
    let waited = 0;
    for (let last = performance.now(); ;) {
      const now = performance.now();
      waited += Math.min(now - last, LONGEST_LOOK_MS);
      last = now;
      const situation = { config, observations, podStates: this.states.latest, now };
      if (windowOf(situation) || waited >= config.deadlineSeconds * 1000) return situation;
      if (roster) this.tell(roster, situation);
      if (standing.look(situation, obstacles(situation), this.states.rounds)) return situation;
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
}
