import type { ClusterNode, ICluster } from "../constructs/cluster/cluster";
import { Multus } from "../constructs/multus/multus";
import { MulticastNamespace } from "../constructs/namespace/multicast-namespace";
import { Attachment } from "../constructs/network/attachment";
import { Ipam } from "../constructs/network/ipam";
import type { IpamRange } from "../constructs/network/ipam-range";
import { MacvlanNetwork } from "../constructs/network/macvlan-network";
import { LocalBackend, TerraformStack, type Construct } from "../constructs/private/terraform";
import { MulticastCheck } from "../constructs/verification/multicast-check";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import { ServiceCheck, type ServiceMember } from "../constructs/verification/service-check";
import { MulticastWay } from "../constructs/workload/multicast-way";

/** How pod 6 of each node takes part in multicast; what each way gives up is told by {@link MulticastWay}. */
export type MediaWay = "attached" | "hostNetwork" | "hybrid";

/** Props of {@link K3sMedia}. */
export interface K3sMediaProps {
  /** The cluster, from this app or not; its nodes must be known. */
  readonly cluster: ICluster;
  /** File that keeps this stack's Terraform state (path on the machine that runs Terraform). */
  readonly statePath: string;
  /** Interface on every node that the macvlan network takes as `master`. Not used by the way `hostNetwork`. */
  readonly master: string;
  /** Addresses on `master`: two for each node, and four more. Not used by the way `hostNetwork`. */
  readonly range: IpamRange;
  /**
   * How pod 6 of each node multicasts with its peers.
   *
   * @default "hybrid"
   */
  readonly way?: MediaWay;
  /**
   * Namespace that is made for the pods, a DNS-1123 label.
   *
   * @default "media"
   */
  readonly namespaceName?: string;
  /** Image of all pods, with Node.js 18 or later, by digest or by a tag other than `latest`. */
  readonly probeImage: string;
  /**
   * Image of thin Multus, with digest or tag.
   *
   * @default - the default image of {@link Multus}
   */
  readonly multusImage?: string;
}

const PODS_PER_NODE = 6;
/** The document's pod that multicasts with its peers on the other nodes. */
const PEER = 6;

const STREAM = MulticastGroup.of("239.1.1.1", { port: 5004 });
/** A group of its own: what peers say to each other is no part of the stream. */
const PEERS = MulticastGroup.of("239.1.1.6", { port: 5006 });

/**
 * Media pods on K3s: six pods with their Services on each node, of which pod 6 multicasts with its peers on the other
 * nodes, and with a static IP and MAC where it is attached to the macvlan network. The apply succeeds only if all
 * Services answer on the cluster's network, each pod 6 hears exactly its peers, pods 1 to 5 hear nobody, and the network
 * carries a numbered stream to every node.
 */
export class K3sMedia extends TerraformStack {
  /** The check of the Services and of the peers, with its pods. */
  public readonly services: ServiceCheck;
  /** The network of the peers; none with the way `hostNetwork`. */
  public readonly network?: MacvlanNetwork;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: K3sMediaProps) {
    super(scope, id);
    new LocalBackend(this, { path: props.statePath });
    const { cluster, way = "hybrid", probeImage: image } = props;
    const namespace = new MulticastNamespace(this, "Media", {
      cluster,
      namespaceName: props.namespaceName ?? "media",
      podSecurity: way === "hostNetwork" ? "privileged" : undefined,
    });
    if (way !== "hostNetwork") this.network = this.plane(props, namespace);
    const members = cluster.nodes.flatMap((node) => membersOf(node, cluster.nodes));
    this.services = new ServiceCheck(this, "ServicesAnswer", { namespace, members, group: PEERS, image });
    members.forEach(({ sends }, index) => {
      const pod = this.services.workloads[index];
      if (sends === true && pod !== undefined) wayOf(way, this.network).applyTo(pod);
    });
    if (this.network !== undefined)
      new MulticastCheck(this, "PlaneCarriesMulticast", {
        network: this.network,
        group: STREAM,
        receivers: "everyNode",
        image,
      });
  }

  private plane({ cluster, master, range, multusImage }: K3sMediaProps, namespace: MulticastNamespace): MacvlanNetwork {
    const multus = new Multus(this, "Multus", { cluster, image: multusImage });
    // The IPAM gives only what the attachments name; the network adds the route 224.0.0.0/4.
    return new MacvlanNetwork(this, "Plane", { multus, namespace, master, ipam: Ipam.static({ ranges: [range] }) });
  }
}

function membersOf(node: ClusterNode, nodes: readonly ClusterNode[]): ServiceMember[] {
  const others = nodes.filter((other) => other !== node);
  return Array.from({ length: PODS_PER_NODE }, (_, index) => {
    const number = index + 1;
    const name = memberName(number, node);
    if (number !== PEER) return { name, node: node.name };
    return { name, node: node.name, sends: true, hears: others.map((other) => memberName(PEER, other)) };
  });
}

/** A node's name may hold dots, a Service's may not. */
function memberName(number: number, node: ClusterNode): string {
  return `media-${number}-${node.name.replaceAll(".", "-")}`;
}

function wayOf(way: MediaWay, network: MacvlanNetwork | undefined): MulticastWay {
  if (network === undefined) return MulticastWay.hostNetwork();
  const ips = network.nextAddresses();
  const attachments = [Attachment.of(network, { ips, mac: macOf(ips[0] ?? "") })];
  return way === "attached" ? MulticastWay.attached(attachments) : MulticastWay.hybrid(attachments);
}

/** A locally administered MAC address that holds the IPv4 address, so that it is as unique and as easily told. */
function macOf(address: string): string {
  const octets = address.split("/")[0]?.split(".").map(Number) ?? [];
  return ["02", "4d", ...octets.map((octet) => octet.toString(16).padStart(2, "0"))].join(":");
}
