import { multusOf, type LabMultusProps } from "./lab-multus";
import { keepState } from "./local-state";
import type { ClusterNode, ICluster } from "../constructs/cluster/cluster";
import { ValidationError, type Fault } from "../constructs/index";
import { MulticastNamespace } from "../constructs/namespace/multicast-namespace";
import { Attachment } from "../constructs/network/attachment";
import { Ipam } from "../constructs/network/ipam";
import type { IpamRange } from "../constructs/network/ipam-range";
import { MacvlanNetwork } from "../constructs/network/macvlan-network";
import { TerraformStack, type Construct } from "../constructs/private/terraform";
import { MulticastCheck } from "../constructs/verification/multicast-check";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import { ServiceCheck, type ServiceMember } from "../constructs/verification/service-check";
import { MulticastWay, type MulticastWayKind } from "../constructs/workload/multicast-way";
import { checkFeed, endpointOf, type LabExternal } from "./lab-external";
import { checkShape } from "../constructs/private/shape";

/** How pod 6 of each node takes part in multicast; what each way gives up is told by {@link MulticastWay}. */
export type MediaWay = MulticastWayKind;

/** Props of {@link K3sMedia}. */
export interface K3sMediaProps extends LabMultusProps {
  /** The cluster, from this app or not; its nodes must be known. */
  readonly cluster: ICluster;
  /**
   * File that keeps this stack's Terraform state (path on the machine that runs Terraform). A backend of the user's own in the stack,
   * such as `S3Backend`, takes its place.
   *
   * @default - `terraform.<stack>.tfstate` in the current directory, as CDKTF has it
   */
  readonly statePath?: string;
  /** Interface on every node that the macvlan network takes as `master`. Not used by the way `hostNetwork`. */
  readonly master: string;
  /**
   * Addresses on `master`: two for each node and four more, with `external` three for each node and seven more, and one more for each
   * node with `attached` or `hybrid` of `otherWays`. Not used by the way `hostNetwork`.
   */
  readonly range: IpamRange;
  /**
   * How pod 6 of each node multicasts with its peers.
   *
   * @default "hybrid"
   */
  readonly way?: MediaWay;
  /**
   * Further ways beside that of pod 6, to compare: for each a check of its own, with one more pod and Service on each node. Those of
   * `hostNetwork` are in a namespace of their own, named `NAMESPACE-hostnetwork`, which lets pods do whatever they want.
   *
   * @default none
   */
  readonly otherWays?: readonly MediaWay[];
  /**
   * The data simulator: a machine outside the cluster, whose stream must arrive on every node. Needs a macvlan network.
   *
   * @default none, and the checks stay inside the cluster
   */
  readonly external?: LabExternal;
  /**
   * Namespace that is made for the pods, a DNS-1123 label.
   *
   * @default "media"
   */
  readonly namespaceName?: string;
  /** Image of all pods, with Node.js 18 or later, by digest or by a tag other than `latest`. */
  readonly probeImage: string;
}

const PODS_PER_NODE = 6;
/** The document's pod that multicasts with its peers on the other nodes. */
const PEER = 6;

const STREAM = MulticastGroup.of("239.1.1.1", { port: 5004 });
/** A group for each way: its peers hear nobody of another, and what they say is no part of the stream. */
const PEERS: Readonly<Record<MediaWay, MulticastGroup>> = {
  hybrid: MulticastGroup.of("239.1.1.6", { port: 5006 }),
  attached: MulticastGroup.of("239.1.1.7", { port: 5007 }),
  hostNetwork: MulticastGroup.of("239.1.1.8", { port: 5008 }),
};

/**
 * Media pods on K3s: six pods with their Services on each node, of which pod 6 multicasts with its peers on the other
 * nodes, and with a static IP and MAC where it is attached to the macvlan network. The apply succeeds only if all
 * Services answer on the cluster's network, each pod 6 hears exactly its peers, pods 1 to 5 hear nobody, and the network
 * carries a numbered stream to every node, from a pod and from the simulator outside the cluster.
 */
export class K3sMedia extends TerraformStack {
  /** The check of the Services and of the peers, with its pods. */
  public readonly services: ServiceCheck;
  /** The checks of {@link K3sMediaProps.otherWays}, in their order. */
  public readonly otherWays: readonly ServiceCheck[];
  /** The network of the peers; none with the way `hostNetwork`. */
  public readonly network?: MacvlanNetwork;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: K3sMediaProps,
  ) {
    super(scope, id);
    checkShape(this, "K3sMediaProps", props);
    keepState(this, props.statePath);
    const { cluster, way = "hybrid", otherWays = [], probeImage: image } = props;
    this.checkWays([way, ...otherWays]);
    const namespace = this.namespaceFor("Media", way, props.namespaceName ?? "media");
    if ([way, ...otherWays].some((each) => each !== "hostNetwork")) this.network = this.plane(namespace);
    const members = [...bystanders(cluster.nodes), ...this.peers(way, String(PEER))];
    this.services = new ServiceCheck(this, "ServicesAnswer", { namespace, members, group: PEERS[way], image });
    this.otherWays = otherWays.map((other) => this.compare(other, namespace));
    if (this.network) this.checkPlane(this.network);
  }

  private checkWays(ways: readonly MediaWay[]): void {
    const { external, otherWays } = this.props;
    const faults: Omit<Fault, "construct">[] = ways.flatMap((got, index) => {
      const field = index === 0 ? "way" : `otherWays[${index - 1}]`;
      const use = Object.keys(PEERS).join(" or ");
      return Object.hasOwn(PEERS, got) ? [] : [{ field, got, must: "be one that there is", use }];
    });
    if (new Set(ways).size < ways.length) {
      const must = "name each way once, and not that of pod 6";
      faults.push({ field: "otherWays", got: otherWays, must, use: "the other ways" });
    }
    if (external && ways.every((way) => way === "hostNetwork")) {
      const must = "be left out where no pod is on the macvlan network";
      faults.push({ field: "external", got: external.ssh.address, must, use: 'the way "hybrid" or "attached"' });
    }
    if (faults.length > 0) throw new ValidationError(faults.map((fault) => ({ construct: this.node.path, ...fault })));
  }

  private namespaceFor(constructId: string, way: MediaWay, namespaceName: string): MulticastNamespace {
    const podSecurity = way === "hostNetwork" ? "privileged" : undefined;
    return new MulticastNamespace(this, constructId, { cluster: this.props.cluster, namespaceName, podSecurity });
  }

  private plane(namespace: MulticastNamespace): MacvlanNetwork {
    const { cluster, master, range } = this.props;
    const multus = multusOf(this, cluster, this.props);
    // The IPAM gives only what the attachments name; the network adds the route 224.0.0.0/4.
    return new MacvlanNetwork(this, "Plane", { multus, namespace, master, ipam: Ipam.static({ ranges: [range] }) });
  }

  /** A pod on each node that hears exactly those on the others. */
  private peers(way: MediaWay, label: string): ServiceMember[] {
    const { nodes } = this.props.cluster;
    return nodes.map((node) => {
      const hears = nodes.filter((other) => other !== node).map((other) => memberName(label, other));
      return { name: memberName(label, node), node: node.name, sends: true, hears, way: wayOf(way, this.network) };
    });
  }

  private compare(way: MediaWay, shared: MulticastNamespace): ServiceCheck {
    const label = way.toLowerCase();
    const apart = way === "hostNetwork";
    return new ServiceCheck(this, `ServicesAnswer-${way}`, {
      checkName: `services-answer-${label}`,
      namespace: apart ? this.namespaceFor("HostNetwork", way, `${shared.namespaceName}-${label}`) : shared,
      members: this.peers(way, label),
      group: PEERS[way],
      image: this.props.probeImage,
    });
  }

  private checkPlane(network: MacvlanNetwork): void {
    const { external, probeImage: image } = this.props;
    const common = { network, receivers: "everyNode", image } as const;
    new MulticastCheck(this, "PlaneCarriesMulticast", { ...common, group: STREAM });
    if (external) checkFeed(this, "SimulatorIsHeard", endpointOf(this, external), common);
  }
}

/** The pods of each node that are on the cluster's network alone. */
function bystanders(nodes: readonly ClusterNode[]): ServiceMember[] {
  const numbers = Array.from({ length: PODS_PER_NODE }, (_, index) => index + 1).filter((number) => number !== PEER);
  return nodes.flatMap((node) =>
    numbers.map((number) => ({ name: memberName(String(number), node), node: node.name })),
  );
}

/** A node's name may hold dots, a Service's may not. */
function memberName(label: string, node: ClusterNode): string {
  return `media-${label}-${node.name.replaceAll(".", "-")}`;
}

function wayOf(way: MediaWay, network: MacvlanNetwork | undefined): MulticastWay {
  if (way === "hostNetwork" || network === undefined) return MulticastWay.hostNetwork();
  const ips = network.nextAddresses();
  const attachments = [Attachment.of(network, { ips, mac: macOf(ips[0] ?? "") })];
  return way === "attached" ? MulticastWay.attached(attachments) : MulticastWay.hybrid(attachments);
}

/** A locally administered MAC address that holds the IPv4 address, so that it is as unique and as easily told. */
function macOf(address: string): string {
  const octets = address.split("/")[0]?.split(".").map(Number) ?? [];
  return ["02", "4d", ...octets.map((octet) => octet.toString(16).padStart(2, "0"))].join(":");
}
