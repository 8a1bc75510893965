import { checkNode } from "../namespace/node-rule";
import type { IMultus } from "../multus/multus";
import { nameOfParts } from "../private/names";
import type { Faults } from "../private/validate";

/** Nodes whose NIC for one network has the same name. */
export interface NodeGroup {
  /** Interface on these nodes that the pods' interfaces sit on. */
  readonly master: string;
  /** Names of the nodes, each in one group at most. */
  readonly nodes: readonly string[];
}

/** One interface that a network sits on, and the NetworkAttachmentDefinition that leads there. */
export interface NodeLink {
  /** Name of the interface on the nodes. */
  readonly link: string;
  /** Name of the NetworkAttachmentDefinition. */
  readonly networkName: string;
  /** Names of the nodes; all where undefined. */
  readonly nodes?: readonly string[];
}

/** The links of a network: one for all nodes, or one for each group. */
export function linksOf(networkName: string, master: string | readonly NodeGroup[]): NodeLink[] {
  return typeof master === "string"
    ? [{ link: master, networkName }]
    : master.map((group) => ({
        link: group.master,
        networkName: nameOfParts(networkName, group.master),
        nodes: group.nodes,
      }));
}

/** Adds what is wrong with the groups beside each other; the masters' names have rules of their own. */
export function checkGroups(faults: Faults, groups: readonly NodeGroup[], multus: IMultus): void {
  if (groups.length === 0)
    faults.add("master", groups, { must: "name at least one group of nodes", use: "a list like [{ master, nodes }]" });
  const nodes = groups.flatMap((group) => group.nodes);
  groups.forEach((group, index) => {
    const field = `master[${index}]`;
    if (groups.findIndex(({ master }) => master === group.master) < index)
      faults.add(`${field}.master`, group.master, {
        must: "be named by one group",
        use: "one group with all its nodes",
      });
    if (group.nodes.length === 0)
      faults.add(`${field}.nodes`, [], { must: "name at least one node", use: "the nodes that have this master" });
    group.nodes.forEach((node, each) => checkNode(faults, `${field}.nodes[${each}]`, node, multus));
  });
  const twice = nodes.find((node, index) => nodes.indexOf(node) < index);
  if (twice !== undefined)
    faults.add("master", twice, { must: "hold each node once", use: "the group of the node's own NIC" });
}
