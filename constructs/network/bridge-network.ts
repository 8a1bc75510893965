import { AttachedNetwork, type AttachedNetworkProps } from "./attached-network";
import { notManagement } from "./network-rules";
import { interfaceName, wholeNumber } from "../private/rules";
import type { Construct } from "../private/terraform";

/** Props of {@link BridgeNetwork}. */
export interface BridgeNetworkProps extends AttachedNetworkProps {
  /** Bridge on every node that the pods are ports of; the plugin makes it where there is none, and leaves it when the last pod is gone. */
  readonly bridge: string;
  /**
   * Whether the bridge itself takes the gateway's address, so that the node is on the network as well.
   *
   * @default false
   */
  readonly isGateway?: boolean;
  /**
   * Whether packets to other networks leave with the node's address; unicast alone.
   *
   * @default false
   */
  readonly ipMasq?: boolean;
  /**
   * Whether a pod gets back what it sent itself.
   *
   * @default false
   */
  readonly hairpinMode?: boolean;
  /**
   * Whether the bridge takes all frames. Not together with `hairpinMode`.
   *
   * @default false
   */
  readonly promiscMode?: boolean;
  /**
   * VLAN of the pods' ports, from 1 to 4094; the bridge then filters by VLAN.
   *
   * @default none
   */
  readonly vlan?: number;
  /**
   * Whether a pod may send with the MAC address of its interface only. Needs nftables on the nodes.
   *
   * @default false
   */
  readonly macspoofchk?: boolean;
  /**
   * Whether the pods of one node do not hear each other. Needs CNI plugins 1.6.0.
   *
   * @default false
   */
  readonly portIsolation?: boolean;
}

/**
 * A network of ports on one bridge of each node. It joins the pods of one node; those of other nodes only where the
 * bridge has one of the node's NICs as a port, which the plugin does not see to. Unlike macvlan it lets node and pods hear each other.
 *
 * @see https://www.cni.dev/plugins/current/main/bridge/
 */
export class BridgeNetwork extends AttachedNetwork {
  /** Bridge on the nodes that the pods are ports of. */
  public readonly bridge: string;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: BridgeNetworkProps) {
    super(scope, id, props, {
      props: "BridgeNetworkProps",
      carriesMulticast: true,
      acceptsMac: true,
      links: (networkName) => [{ link: props.bridge, networkName }],
      plugin: (bridge) => ({
        type: "bridge",
        capabilities: { ips: true, mac: true },
        bridge,
        mtu: props.mtu,
        isGateway: props.isGateway,
        ipMasq: props.ipMasq,
        hairpinMode: props.hairpinMode,
        promiscMode: props.promiscMode,
        vlan: props.vlan,
        macspoofchk: props.macspoofchk,
        portIsolation: props.portIsolation,
      }),
      validate: (faults) => {
        faults
          .check("bridge", props.bridge, interfaceName, notManagement(props.multus.cluster))
          .check("vlan", props.vlan, wholeNumber(1, 4094));
        if (props.hairpinMode && props.promiscMode)
          faults.add("promiscMode", true, { must: "be false with hairpinMode", use: "one of the two" });
      },
    });
    this.bridge = props.bridge;
  }
}
