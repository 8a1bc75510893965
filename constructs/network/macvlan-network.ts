import { AttachedNetwork, type AttachedNetworkProps } from "./attached-network";
import { MacvlanMode } from "./macvlan-mode";
import { checkMaster, type MasterProps } from "./master";
import { linksOf, type NodeGroup } from "./node-group";
import { oneOf, wholeNumber } from "../private/rules";
import type { Construct } from "../private/terraform";

/** Props of {@link MacvlanNetwork}. */
export interface MacvlanNetworkProps extends AttachedNetworkProps, MasterProps {
  /**
   * How the interfaces on one node reach each other.
   *
   * @default MacvlanMode.BRIDGE
   */
  readonly mode?: MacvlanMode;
  /**
   * Length in packets of the queue for broadcast and multicast of the master, from 1 to 4294967295. The largest value
   * of all networks on a master counts. Needs Linux 5.11 and CNI plugins 1.6.0.
   *
   * @default the kernel's 1000
   */
  readonly bcqueuelen?: number;
}

/**
 * A network of macvlan interfaces on one interface of the nodes. Node and pods on the same master never hear each
 * other, by design of the kernel driver: check from pod to pod.
 *
 * @see https://www.cni.dev/plugins/current/main/macvlan/
 */
export class MacvlanNetwork extends AttachedNetwork {
  /** Interface on the nodes that the pods' interfaces sit on, or that of each group of nodes. */
  public readonly master: string | readonly NodeGroup[];

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: MacvlanNetworkProps) {
    super(scope, id, props, {
      props: "MacvlanNetworkProps",
      carriesMulticast: true,
      acceptsMac: true,
      links: (networkName) => linksOf(networkName, props.master),
      plugin: (master) => ({
        type: "macvlan",
        // What an attachment's `ips` and `mac` reach the plugin by (https://www.cni.dev/docs/conventions/#dynamic-plugin-specific-fields-capabilities--runtime-configuration).
        capabilities: { ips: true, mac: true },
        master,
        mode: props.mode ?? MacvlanMode.BRIDGE,
        mtu: props.mtu,
        bcqueuelen: props.bcqueuelen,
        linkInContainer: props.linkInContainer,
      }),
      validate: (faults) => {
        checkMaster(faults, props, "macvlan");
        faults
          .check("mode", props.mode, oneOf(Object.values(MacvlanMode)))
          .check("bcqueuelen", props.bcqueuelen, wholeNumber(1, 4294967295));
      },
    });
    this.master = props.master;
  }
}
