import type { ClusterNode } from "./cluster";
import { checkTaints } from "./node-registration";
import { dns1123Subdomain, oneOf } from "../private/rules";
import type { Faults } from "../private/validate";

const role = oneOf(["server", "agent"]);

/** Adds what is wrong with the nodes that a user lists. */
export function checkNodes(faults: Faults, nodes: readonly ClusterNode[]): void {
  nodes.forEach((node, index) => {
    faults.check(`nodes[${index}].name`, node.name, dns1123Subdomain).check(`nodes[${index}].role`, node.role, role);
    checkTaints(faults, `nodes[${index}].taints`, node.taints);
  });
  const names = nodes.map(({ name }) => name);
  if (new Set(names).size < names.length)
    faults.add("nodes", names, { must: "name each node once", use: "different names" });
}
