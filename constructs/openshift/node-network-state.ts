import type { ICluster } from "../cluster/cluster";
import { networkTypeOf } from "../cluster/cluster-network-rules";
import { notManagement } from "../network/network-rules";
import { interfaceName, mtu as mtuRule, wholeNumber } from "../private/rules";
import type { Faults, Rule } from "../private/validate";
import { checkShape } from "../private/shape";

/** Options of {@link NodeNetworkState.vlan}. */
export interface VlanOptions {
  /** Interface of the nodes that the VLAN is on; not the cluster's own. */
  readonly baseInterface: string;
  /** VLAN ID, from 1 to 4094. */
  readonly id: number;
  /**
   * Largest packet in bytes.
   *
   * @default that of the base interface
   */
  readonly mtu?: number;
}

/** Options of {@link NodeNetworkState.localnet}. */
export interface LocalnetOptions {
  /** Name of the physical network, by which a localnet network asks for it (`physicalNetworkName`, or its own name). */
  readonly localnet: string;
  /**
   * Open vSwitch bridge of the nodes that leads to the physical network: one that is there, such as `br-ex`, or one that is made where `port` is given.
   */
  readonly bridge: string;
  /**
   * Interface of the nodes that the bridge gets as its port; not the cluster's own.
   *
   * @default - the bridge is there already and stays as it is
   */
  readonly port?: string;
}

const localnetName: Rule<string> = (value) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value)
    ? undefined
    : { must: "be the name of a physical network", use: 'letters, digits, dot, - and _, like "physnet-media"' };

/** What nodes are given by NMState, and how it is taken off them again (https://nmstate.io/devel/yaml_api.html). */
export class NodeNetworkState {
  /** A VLAN interface, named after its base interface and ID like `ens4.120`: a `master` for secondary networks. */
  public static vlan(options: VlanOptions): NodeNetworkState {
    checkShape("NodeNetworkState.vlan", "VlanOptions", options);
    const { baseInterface, id, mtu } = options;
    const name = `${baseInterface}.${id}`;
    const up = { name, type: "vlan", state: "up", ...(mtu && { mtu }), vlan: { "base-iface": baseInterface, id } };
    // The field is the one that the user wrote: a name that is too long is the base interface's.
    return new NodeNetworkState(
      { interfaces: [{ ...up, ipv4: { enabled: false }, ipv6: { enabled: false } }] },
      { interfaces: [{ name, type: "vlan", state: "absent" }] },
      (faults, cluster) =>
        faults
          .check("state.baseInterface", baseInterface, interfaceName, notManagement(cluster))
          .check("state.id", id, wholeNumber(1, 4094))
          .check("state.baseInterface", name, interfaceName)
          .check("state.mtu", mtu, mtuRule),
    );
  }

  /** The way of a localnet network of OVN-Kubernetes to a physical network. */
  public static localnet(options: LocalnetOptions): NodeNetworkState {
    checkShape("NodeNetworkState.localnet", "LocalnetOptions", options);
    const { localnet, bridge, port } = options;
    const mapping = (state: string) => ({ ovn: { "bridge-mappings": [{ localnet, bridge, state }] } });
    const made = {
      name: bridge,
      type: "ovs-bridge",
      state: "up",
      bridge: { options: { stp: false }, port: [{ name: port }] },
    };
    return new NodeNetworkState(
      { ...mapping("present"), ...(port && { interfaces: [made] }) },
      { ...mapping("absent"), ...(port && { interfaces: [{ name: bridge, type: "ovs-bridge", state: "absent" }] }) },
      (faults, cluster) => {
        faults.check("state.localnet", localnet, localnetName).check("state.bridge", bridge, interfaceName);
        if (port !== undefined)
          faults
            .check("state.bridge", bridge, notManagement(cluster))
            .check("state.port", port, interfaceName, notManagement(cluster));
        checkOvn(faults, cluster);
      },
    );
  }

  /**
   * Any state of NMState's, and what takes it off again. Neither is checked.
   *
   * @param present `desiredState` of the policy
   * @param absent `desiredState` of the policy that takes it off the nodes
   */
  public static of(present: Readonly<Record<string, unknown>>, absent: Readonly<Record<string, unknown>>) {
    checkShape("NodeNetworkState.of", "NodeNetworkState.of(present)", present, "present");
    checkShape("NodeNetworkState.of", "NodeNetworkState.of(absent)", absent, "absent");
    return new NodeNetworkState(present, absent, () => undefined);
  }

  private constructor(
    /** `desiredState` of the policy. */
    public readonly present: Readonly<Record<string, unknown>>,
    /** `desiredState` of the policy that takes it off the nodes. */
    public readonly absent: Readonly<Record<string, unknown>>,
    /** @internal adds what is wrong with it on a cluster */
    public readonly validate: (faults: Faults, cluster: ICluster) => void,
  ) {}
}

function checkOvn(faults: Faults, cluster: ICluster): void {
  const type = networkTypeOf(cluster);
  if (type === "ovn-kubernetes") return;
  const use = "a cluster on OVN-Kubernetes, or a MacvlanNetwork";
  faults.add("state", type, { must: "have OVN-Kubernetes, whose networks alone are localnet", use });
}
