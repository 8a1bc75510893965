import type { ClusterNetworkName } from "../embedded/hosts";

/** Options that every command takes. */
export interface GlobalOptions {
  /** Name of the lab. */
  readonly name: string;
  /** Install what is missing without asking. */
  readonly yes: boolean;
  /** Print data as JSON. */
  readonly json: boolean;
}

/** Options of `./lab up`. */
export interface UpOptions extends GlobalOptions {
  /** Only say what would be done. */
  readonly dryRun: boolean;
  /** Name of the stack in the registry; that of the lab, or the usual one, where none is named. */
  readonly lab?: string;
  /** What carries the pods; that of the lab, or flannel, where none is named. */
  readonly clusterNetwork?: ClusterNetworkName;
}
