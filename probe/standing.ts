import type { CheckedReceiver } from "./config";
import type { Cause, Witness } from "./sentences";
import type { Situation } from "./situation";

/** A fault that evidence names must stand for so long before the verdict falls early. */
const STANDS_MS = 3000;
/** So often its witnesses must have shown it anew: a line that is late, or a pod without a processor, shows what was. */
const TIMES = 3;

interface Since {
  readonly at: number;
  /** How often each witness had spoken by then. */
  readonly spoken: Readonly<Record<Witness, number>>;
}

/** Tells when a fault has stood for so long that waiting cannot mend it. */
export class Standing {
  private faults = new Map<string, Since>();

  /** Looks at the present obstacles of receivers; `rounds` counts how often the API server has told the pods' states. */
  public look(
    situation: Situation,
    obstacles: readonly (readonly [CheckedReceiver, Cause])[],
    rounds: number,
  ): boolean {
    const present = new Map<string, Since>();
    let stands = false;
    for (const [receiver, { text, certain, witnesses }] of obstacles) {
      if (!certain) continue;
      const spoken = spokenSoFar(situation, receiver, rounds);
      const key = `${receiver.pod} ${text}`;
      const since = this.faults.get(key) ?? { at: situation.now, spoken };
      present.set(key, since);
      stands ||=
        situation.now - since.at >= STANDS_MS &&
        witnesses.every((witness) => spoken[witness] - since.spoken[witness] >= TIMES);
    }
    this.faults = present;
    return stands;
  }
}

function spokenSoFar({ config, observations }: Situation, { pod }: CheckedReceiver, rounds: number) {
  return {
    state: rounds,
    sender: observations.lineCount(config.sender.pod),
    receiver: observations.lineCount(pod),
    counts: rounds,
  };
}
