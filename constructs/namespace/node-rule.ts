import type { ICluster } from "../cluster/cluster";
import type { Faults } from "../private/validate";

/** Holds a node's name against the cluster's nodes, where these are known at synth. */
export function checkNode(
  faults: Faults,
  field: string,
  node: string | undefined,
  { cluster }: { readonly cluster: ICluster },
): void {
  const names = cluster.nodes.map(({ name }) => name);
  if (node === undefined || names.length === 0 || names.includes(node)) return;
  faults.add(field, node, { must: "be a node of the cluster", use: `one of ${names.join(", ")}` });
}
