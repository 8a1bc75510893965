import type { NetworkUnderTest } from "../../probe/config";
import type { INamespace } from "../namespace/namespace";
import { Attachment, interfaceNames } from "../network/attachment";
import type { INetwork } from "../network/network";
import { checkShape } from "../private/shape";

/** Options of {@link DefaultNetwork}. */
export interface DefaultNetworkOptions {
  /**
   * Interface inside the pods that leads to the cluster's network.
   *
   * @default "eth0", as CNI runtimes name it
   */
  readonly interfaceName?: string;
}

/**
 * The network that the cluster gives each pod, as one to check. Only OVN-Kubernetes and OpenShift SDN carry multicast on it, and only
 * inside a namespace where that is switched on.
 */
export class DefaultNetwork {
  /** The cluster's network, for pods in `namespace`. The construct that uses it checks it. */
  public static of(namespace: INamespace, options: DefaultNetworkOptions = {}): DefaultNetwork {
    checkShape("DefaultNetwork.of", "DefaultNetwork.of(namespace)", namespace, "namespace");
    checkShape("DefaultNetwork.of", "DefaultNetworkOptions", options);
    return new DefaultNetwork(namespace, options.interfaceName ?? "eth0");
  }

  /** What reports and errors call it. */
  public readonly networkName = "default";

  private constructor(
    /** Namespace of the check's pods. */
    public readonly namespace: INamespace,
    /** Interface inside the pods that leads to it. */
    public readonly interfaceName: string,
  ) {}

  /** The cluster's pod networks, in CIDR notation. */
  public get subnets(): readonly string[] {
    return this.namespace.cluster.clusterCidrs;
  }
}

/** What a check can run on: a network that its pods are attached to, or the one that the cluster gives them. */
export type CheckedNetwork = INetwork | DefaultNetwork;

/** Name inside the pods of the interface that leads to the network. */
export function interfaceTo(network: CheckedNetwork): string {
  return network instanceof DefaultNetwork
    ? network.interfaceName
    : (interfaceNames([Attachment.of(network)])[0] ?? "net1");
}

/** What one more pod of the check is attached to. */
export function attachmentsTo(network: CheckedNetwork): Attachment[] {
  return network instanceof DefaultNetwork ? [] : [Attachment.of(network, { ips: network.nextAddresses() })];
}

/** How the report calls the network. */
export function networkUnderTest(network: CheckedNetwork): NetworkUnderTest {
  return { kind: network instanceof DefaultNetwork ? "cluster" : "attached", name: network.networkName };
}
