import type { AttachedNetworkProps } from "./attached-network";
import { notAbove, notManagement, vlanId } from "./network-rules";
import { checkGroups, linksOf, type NodeGroup } from "./node-group";
import { checkDriverOnLinks } from "./use-of-links";
import { interfaceName, mtu } from "../private/rules";
import type { Faults } from "../private/validate";

/** Props of networks whose interfaces share one interface of the nodes. */
export interface MasterProps {
  /**
   * Interface on every node that the pods' interfaces sit on, or one for each group of nodes where its name differs; not
   * one that carries the cluster itself. A VLAN is named by its own interface, like `eth1.120`, which must be on the node.
   */
  readonly master: string | readonly NodeGroup[];
  /**
   * Largest packet in bytes that `master` carries, the least of all nodes; the network's `mtu` is held against it.
   *
   * @default not known: a larger `mtu` is refused by the plugin when a pod starts
   */
  readonly masterMtu?: number;
  /**
   * Whether `master` is an interface inside the pod and not on the node. Needs CNI plugins 1.3.0.
   *
   * @default false
   */
  readonly linkInContainer?: boolean;
}

/** Adds what is wrong with the master of a network whose interfaces are made by `driver`. */
export function checkMaster(
  faults: Faults,
  { master, masterMtu, mtu: networkMtu, linkInContainer, multus }: MasterProps & AttachedNetworkProps,
  driver: string,
): void {
  const rules = [interfaceName, vlanId, ...(linkInContainer ? [] : [notManagement(multus.cluster)])];
  if (typeof master === "string") faults.check("master", master, ...rules);
  else {
    master.forEach((group, index) => faults.check(`master[${index}].master`, group.master, ...rules));
    checkGroups(faults, master, multus);
  }
  faults.check("masterMtu", masterMtu, mtu).check("mtu", networkMtu, notAbove(masterMtu, "master's mtu"));
  const links = linksOf("", master).map(({ link }) => link);
  if (!linkInContainer) checkDriverOnLinks(faults, multus.cluster, links, driver);
}
