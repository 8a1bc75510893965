import { AddressPlan } from "./address-plan";
import type { CniPluginConfig } from "./cni-config";
import type { Ipam } from "./ipam";
import type { IpamRoute } from "./ipam-range";
import { MacvlanMode } from "./macvlan-mode";
import { checkClusterOverlap, checkDefaultRoute, mtuForSubnets, notManagement, vlanId } from "./macvlan-rules";
import type { INetwork } from "./network";
import { NetworkAttachmentDefinition } from "./network-attachment-definition";
import { checkRangesOnMaster } from "./ranges-on-master";
import type { IMultus } from "../multus/multus";
import type { INamespace } from "../namespace/namespace";
import { nameFromPath } from "../private/names";
import { dns1123Label, interfaceName, mtu, oneOf, wholeNumber } from "../private/rules";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { Faults } from "../private/validate";

/** Props of {@link MacvlanNetwork}. */
export interface MacvlanNetworkProps {
  /** The Multus that serves the network. */
  readonly multus: IMultus;
  /** Namespace of the network's NetworkAttachmentDefinition. */
  readonly namespace: INamespace;
  /** Interface on every node that the pods' interfaces sit on; not one that carries the cluster itself. */
  readonly master: string;
  /** Who gives the pods their addresses and routes. */
  readonly ipam: Ipam;
  /**
   * Name of the NetworkAttachmentDefinition, a DNS-1123 label.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly networkName?: string;
  /**
   * How the interfaces on one node reach each other.
   *
   * @default MacvlanMode.BRIDGE
   */
  readonly mode?: MacvlanMode;
  /**
   * Largest packet in bytes, from 68 (1280 with IPv6) up to the master's own MTU.
   *
   * @default the master's
   */
  readonly mtu?: number;
  /**
   * Length in packets of the queue for broadcast and multicast of the master, from 1 to 4294967295. The largest value
   * of all networks on a master counts. Needs Linux 5.11 and CNI plugins 1.6.0.
   *
   * @default the kernel's 1000
   */
  readonly bcqueuelen?: number;
  /**
   * Whether `master` is an interface inside the pod and not on the node. Needs CNI plugins 1.3.0.
   *
   * @default false
   */
  readonly linkInContainer?: boolean;
  /**
   * Whether pods send IPv4 multicast (224.0.0.0/4) out of the attached interface and not along their default route. IPv6 needs no route:
   * the kernel gives each interface its own ff00::/8, and the sender chooses the interface.
   *
   * @default true where the IPAM gives routes
   */
  readonly multicastRoute?: boolean;
  /**
   * Whether the IPAM's routes may hold a default route, which takes the pods' way to Services and DNS.
   *
   * @default false
   */
  readonly takesDefaultRoute?: boolean;
}

/**
 * The next hop is named as "none": without it the plugins fill in the gateway of the range (host-local always has one),
 * and the kernel sends multicast to the gateway's MAC address, where nobody in the group hears it
 * (github.com/containernetworking/plugins pkg/ipam `ConfigureIface`).
 */
const multicastRoute: IpamRoute = { dst: "224.0.0.0/4", gw: "0.0.0.0" };

/**
 * A network of macvlan interfaces on one interface of the nodes. Node and pods on the same master never hear each
 * other, by design of the kernel driver: check from pod to pod.
 *
 * @see https://www.cni.dev/plugins/current/main/macvlan/
 */
export class MacvlanNetwork extends Construct implements INetwork {
  public readonly networkName: string;
  public readonly namespace: INamespace;
  public readonly subnets: readonly string[];
  public readonly hasMulticastRoute: boolean;
  public readonly ready: ITerraformDependable[];
  /** Interface on the nodes that the pods' interfaces sit on. */
  public readonly master: string;
  /** The NetworkAttachmentDefinition. */
  public readonly definition: NetworkAttachmentDefinition;
  private readonly addresses: AddressPlan;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: MacvlanNetworkProps) {
    super(scope, id);
    const { multus, namespace, ipam } = props;
    this.networkName = props.networkName ?? nameFromPath(this);
    this.namespace = namespace;
    this.master = props.master;
    this.subnets = ipam.subnets;
    const hasRoute = ipam.routes.some(({ dst }) => dst === multicastRoute.dst);
    this.hasMulticastRoute = hasRoute || (props.multicastRoute ?? ipam.acceptsRoutes);
    this.checkProps(props);
    this.addresses = new AddressPlan(ipam.ranges);
    this.definition = new NetworkAttachmentDefinition(this, "Definition", {
      multus,
      namespace,
      networkName: this.networkName,
      config: pluginConfig(props, this.hasMulticastRoute && !hasRoute ? [multicastRoute] : []),
      subnets: this.subnets,
    });
    this.ready = this.definition.ready;
  }

  /** {@inheritDoc INetwork.nextAddresses} */
  public nextAddresses(): readonly string[] {
    const addresses = this.addresses.next();
    if (addresses) return addresses;
    const violation = { must: "have an address for each pod of the checks", use: "a wider range" };
    new Faults(this).add("ipam", this.subnets.join(", "), violation).throwIfAny();
    return [];
  }

  /**
   * Sets one value of the CNI configuration, also one that this library does not know. The value is not checked.
   *
   * @param path keys joined by dots, like `ipam.gateway`
   * @param value anything that JSON can hold
   * @throws ValidationError when the path is not of that form.
   */
  public addCniOverride(path: string, value: unknown): void {
    this.definition.addCniOverride(path, value);
  }

  private checkProps(props: MacvlanNetworkProps): void {
    const { ipam, master, multus } = props;
    const onNode = props.linkInContainer ? [] : [notManagement(multus.cluster)];
    const faults = new Faults(this)
      .check("networkName", this.networkName, dns1123Label)
      .check("master", master, interfaceName, vlanId, ...onNode)
      .check("mode", props.mode, oneOf(Object.values(MacvlanMode)))
      .check("mtu", props.mtu, mtu, mtuForSubnets(ipam.subnets))
      .check("bcqueuelen", props.bcqueuelen, wholeNumber(1, 4294967295));
    ipam.validate(faults);
    checkClusterOverlap(faults, ipam, multus.cluster);
    if (!props.takesDefaultRoute) checkDefaultRoute(faults, ipam);
    if (props.multicastRoute && !ipam.acceptsRoutes) {
      const use = "another Ipam, or multicastRoute: false";
      faults.add("multicastRoute", true, { must: "be false with an IPAM that gives no routes", use });
    }
    checkRangesOnMaster(faults, this, multus.cluster, ipam);
    faults.throwIfAny();
  }
}

function pluginConfig(props: MacvlanNetworkProps, extraRoutes: readonly IpamRoute[]): CniPluginConfig {
  return {
    type: "macvlan",
    // What an attachment's `ips` and `mac` reach the plugin by (https://www.cni.dev/docs/conventions/#dynamic-plugin-specific-fields-capabilities--runtime-configuration).
    capabilities: { ips: true, mac: true },
    master: props.master,
    mode: props.mode ?? MacvlanMode.BRIDGE,
    mtu: props.mtu,
    bcqueuelen: props.bcqueuelen,
    linkInContainer: props.linkInContainer,
    ipam: props.ipam.toCni(extraRoutes),
  };
}
