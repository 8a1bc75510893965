import type { z } from "zod";
import type { ICluster } from "../../constructs/cluster/cluster";
import type { Construct, TerraformStack } from "../../constructs/private/terraform";
import { FileLeaves } from "./leaves";
import type { Plain } from "./plain";

/** What each lab stack gets from the parts of the file that all labs share. */
export interface LabBasics {
  /** The cluster that carries the lab. */
  readonly cluster: ICluster;
  /** File that keeps the stack's Terraform state. */
  readonly statePath: string;
}

/** A stack that a configuration file can name. */
export interface ReadyLab {
  /** What it shows, in one line. */
  readonly summary: string;
  /** Schema of the keys that only this lab has. */
  readonly keys: (leaves: FileLeaves) => z.ZodObject;
  /** Makes the stack from a file's values, of which it takes its own. */
  readonly build: (scope: Construct, id: string, basics: LabBasics, config: object) => TerraformStack;
}

/** Names of the props that a configuration file gives for a stack. */
export type KeysOf<Props> = Omit<Props, keyof LabBasics>;

/** Ties a schema to the stack whose props it reads; `toProps` makes objects of the library from what is data in the file. */
export function readyLab<Props extends Partial<Record<keyof LabBasics, unknown>>>(
  summary: string,
  Stack: new (scope: Construct, id: string, props: Props) => TerraformStack,
  keys: (leaves: FileLeaves) => z.ZodObject & z.ZodType<Plain<KeysOf<Props>>>,
  toProps: (basics: LabBasics, keys: Plain<KeysOf<Props>>) => Props,
): ReadyLab {
  const ownKeys = Object.keys(keys(new FileLeaves(".")).shape);
  const ownOf = (config: object) => Object.fromEntries(Object.entries(config).filter(([key]) => ownKeys.includes(key)));
  return {
    summary,
    keys,
    // The schema has read the values, and the compiler has held it against the props.
    build: (scope, id, basics, config) => new Stack(scope, id, toProps(basics, ownOf(config) as Plain<KeysOf<Props>>)),
  };
}
