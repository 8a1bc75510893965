import { z } from "zod";
import { dns1123Label } from "../../constructs/private/rules";
import { clusterSection, type ClusterConfig } from "./cluster-section";
import { READY_LABS } from "./labs";
import { FileLeaves, text } from "./leaves";
import { objectOf } from "./plain";

/** What every configuration file may hold, whatever its lab. */
export interface CommonKeys {
  /**
   * Address or path of the published schema, for editors.
   *
   * @default none; nothing else reads it
   */
  readonly $schema?: string;
  /**
   * Name of this lab, a DNS-1123 label: hosts of K3s know by it whose they are.
   *
   * @default - the name of the file without its ending
   */
  readonly name?: string;
  /**
   * Directory on this machine for Terraform's state, the kubeconfig and what else a cluster leaves here.
   *
   * @default - `.lab/` and the lab's name, beside the file
   */
  readonly stateDirectory?: string;
  /** The cluster that carries the lab: one that is made, or one that exists. */
  readonly cluster: ClusterConfig;
}

/** What a configuration file gives, beside the keys of its lab. */
export interface LabConfig extends CommonKeys {
  /** Name of the ready stack. */
  readonly lab: string;
}

/** The schema of a configuration file in `directory`; what it gives has the lab's own keys beside the common ones. */
export function labConfigSchema(directory: string): z.ZodType<LabConfig> {
  const leaves = new FileLeaves(directory);
  const common = objectOf<CommonKeys>("CommonKeys")({
    $schema: z.string().optional(),
    name: text(dns1123Label).optional(),
    stateDirectory: leaves.path.optional(),
    cluster: clusterSection(leaves),
  });
  const variants = Object.entries(READY_LABS).map(([lab, { keys, summary }]) => {
    const own = keys(leaves);
    return z
      .strictObject({ lab: z.literal(lab).describe(summary), ...common.shape, ...own.shape })
      .meta({ props: [common, own].map((each) => each.meta()?.props).join(" ") });
  });
  const [first, ...others] = variants;
  if (!first) throw new Error("there is no ready stack");
  return z.discriminatedUnion("lab", [first, ...others]) as unknown as z.ZodType<LabConfig>;
}
