import { artifactSettings, ovnKubernetesOf, type OvnKubernetes } from "../embedded/artifacts";
import { findLab, type ClusterNetworkName } from "../embedded/hosts";
import { UsageError } from "./errors";
import type { ChosenStack } from "./chosen-stack";
import type { UpOptions } from "./options";

/** A lab's cluster network, and what it takes. */
export interface ChosenClusterNetwork {
  readonly clusterNetwork: ClusterNetworkName;
  readonly ovnKubernetes?: OvnKubernetes;
}

/**
 * The cluster network that a lab is brought up with: the one asked for, else the one that it has, else flannel.
 *
 * @throws UsageError where the bundle lacks its programs, or the stack needs another network.
 */
export async function chosenClusterNetwork(options: UpOptions, stack: ChosenStack): Promise<ChosenClusterNetwork> {
  const clusterNetwork = options.clusterNetwork ?? (await findLab(options.name))?.clusterNetwork ?? "flannel";
  if (stack.clusterNetwork !== undefined && stack.clusterNetwork !== clusterNetwork) {
    throw new UsageError(
      `${stack.name} is not possible on ${clusterNetwork}; use --cluster-network ${stack.clusterNetwork} on a new lab`,
    );
  }
  if (clusterNetwork === "flannel") return { clusterNetwork };
  try {
    return { clusterNetwork, ovnKubernetes: await ovnKubernetesOf(artifactSettings()) };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
