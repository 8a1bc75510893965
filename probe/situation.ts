import { familyOf } from "./address";
import type { CheckedReceiver, VerdictConfig } from "./config";
import type { Observations } from "./observations";
import type { PodState } from "./pod-state";

/** What the judge looks at. */
export interface Situation {
  readonly config: VerdictConfig;
  readonly observations: Observations;
  /** By pod name. */
  readonly podStates: ReadonlyMap<string, PodState>;
  /** By the clock that the observations were read by. */
  readonly now: number;
}

/** Address of a receiver that the stream `unicast` goes to: of the groups' family, where it has several. */
export function addressOf({ config, podStates }: Situation, { pod, address }: CheckedReceiver): string | undefined {
  const family = familyOf(config.destinations.test.group);
  return address ?? podStates.get(pod)?.addresses?.find((each) => familyOf(each) === family);
}
