import { installsMultus, multusOf, type LabMultusProps } from "./lab-multus";
import { keepState } from "./local-state";
import type { ClusterNode, ICluster } from "../constructs/cluster/cluster";
import { ValidationError } from "../constructs/index";
import { MulticastNamespace } from "../constructs/namespace/multicast-namespace";
import { Attachment } from "../constructs/network/attachment";
import { Ipam } from "../constructs/network/ipam";
import type { IpamRange } from "../constructs/network/ipam-range";
import { MacvlanNetwork } from "../constructs/network/macvlan-network";
import { TerraformStack, type Construct } from "../constructs/private/terraform";
import type { ExternalEndpoint } from "../constructs/verification/external-endpoint";
import { MulticastCheck } from "../constructs/verification/multicast-check";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import { ServiceCheck, type ServiceMember } from "../constructs/verification/service-check";
import { MulticastWay } from "../constructs/workload/multicast-way";
import { checkFeed, endpointOf, receiversOn, receiversWith, type LabExternal } from "./lab-external";
import { checkShape } from "../constructs/private/shape";

/** One network plane: a macvlan network on an interface of its own. */
export interface OfflinePlane {
  /** Name of the NetworkAttachmentDefinition, a DNS-1123 label of 40 characters at most. */
  readonly networkName: string;
  /** Interface on every node, or VLAN on one, that no other plane uses. */
  readonly master: string;
  /** Addresses of the pods: nine or more on the first plane, thirteen with a machine outside, eight on each other. */
  readonly range: IpamRange;
}

/** Props of {@link OfflinePlanes}. */
export interface OfflinePlanesProps extends LabMultusProps {
  /** The cluster, from this app or not; its nodes must be known. */
  readonly cluster: ICluster;
  /**
   * File that keeps this stack's Terraform state (path on the machine that runs Terraform). A backend of the user's own in the stack,
   * such as `S3Backend`, takes its place.
   *
   * @default - `terraform.<stack>.tfstate` in the current directory, as CDKTF has it
   */
  readonly statePath?: string;
  /** The planes, two or more; the Deployment joins the first. */
  readonly planes: readonly [OfflinePlane, OfflinePlane, ...OfflinePlane[]];
  /**
   * Namespace that is made for the pods, a DNS-1123 label.
   *
   * @default "planes"
   */
  readonly namespaceName?: string;
  /**
   * Machine outside the cluster, on the first plane: it must reach the pods' addresses there, by unicast and by multicast, and hear them.
   *
   * @default - none, and the checks stay inside the cluster
   */
  readonly external?: LabExternal;
  /** Image of all pods, with Node.js 18 or later, by digest or by a tag other than `latest`; it must be on the nodes. */
  readonly probeImage: string;
  /**
   * Image of thin Multus, with digest or tag; it must be on the nodes. To be left out where the cluster's own Multus is used, and only there.
   *
   * @default none
   */
  readonly multusImage?: string;
}

const STREAM = MulticastGroup.of("239.1.1.1", { port: 5004 });
/** One group for all planes, so that a leak between them is heard. */
const SHARED = MulticastGroup.of("239.1.1.7", { port: 5007 });
const DEPLOYMENT = "existing-application";
const OUTSIDER = "cluster-network-only";

/**
 * Several network planes on a cluster that reaches no registry. On each plane two pods on two nodes, and on the first a
 * Deployment that joins it by annotation alone. The apply succeeds only if pods of one plane hear each other and nobody
 * of another plane although all use one group, a pod without a plane hears nobody, all keep their Services on the cluster's
 * network, each plane carries a numbered stream between nodes, and a machine outside the cluster reaches the pods of the first.
 *
 * The document's network has a default route. Here no plane takes it: the pods' Services and DNS hang on it.
 */
export class OfflinePlanes extends TerraformStack {
  /** The planes' networks, in the order of the props. */
  public readonly networks: readonly MacvlanNetwork[];
  /** The check that planes are apart, with its pods. */
  public readonly isolation: ServiceCheck;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: OfflinePlanesProps) {
    super(scope, id);
    checkShape(this, "OfflinePlanesProps", props);
    keepState(this, props.statePath);
    const { cluster, planes, probeImage: image } = props;
    refuseSharedMasters(this, planes);
    refuseDownload(this, props);
    const multus = multusOf(this, cluster, props);
    const namespace = new MulticastNamespace(this, "Planes", {
      cluster,
      namespaceName: props.namespaceName ?? "planes",
    });
    this.networks = planes.map(
      ({ networkName, master, range }) =>
        new MacvlanNetwork(this, `Plane-${networkName}`, {
          multus,
          namespace,
          networkName,
          master,
          ipam: Ipam.hostLocal(range),
        }),
    );
    const participants = [
      ...planes.flatMap(({ networkName }, plane) => participantsOf(networkName, plane, cluster.nodes)),
      { member: { name: OUTSIDER, node: cluster.nodes[0]?.name } },
    ];
    this.isolation = this.checkIsolation(namespace, participants, image);
    const external = props.external && endpointOf(this, props.external);
    this.networks.forEach((network, index) => this.checkPlane(network, image, index === 0 ? external : undefined));
  }

  /** The stream, and where there is a machine outside, its own to the pods and to each one's address. */
  private checkPlane(network: MacvlanNetwork, image: string, external: ExternalEndpoint | undefined): void {
    const { networkName, namespace } = network;
    const nodes = namespace.cluster.nodes.map(({ name }) => name);
    new MulticastCheck(this, `Carries-${networkName}`, {
      network,
      checkName: `${networkName}-carries`,
      group: STREAM,
      receivers: receiversWith(external, nodes, STREAM),
      image,
    });
    if (external === undefined) return;
    const ends = [...new Set([nodes[0], nodes.at(-1)])];
    checkFeed(this, "OutsideReachesNet1", external, { network, receivers: receiversOn(ends), image });
  }

  private checkIsolation(namespace: MulticastNamespace, participants: readonly Participant[], image: string) {
    const members = participants.map((each) => ({ ...each.member, way: this.wayOf(each) }));
    return new ServiceCheck(this, "PlanesAreApart", { namespace, members, group: SHARED, image });
  }

  private wayOf({ plane = -1 }: Participant): MulticastWay | undefined {
    const network = this.networks[plane];
    // Not the IPAM's: it goes on after the last address that was asked for on that node, and may meet one of another node.
    return network && MulticastWay.hybrid([Attachment.of(network, { ips: network.nextAddresses() })]);
  }
}

/** A member of the check, and which plane it is on. */
interface Participant {
  readonly member: ServiceMember;
  readonly plane?: number;
}

/** Two pods on the first and the last node, and on the first plane the Deployment; all hear each other. */
function participantsOf(networkName: string, plane: number, nodes: readonly ClusterNode[]): Participant[] {
  const pods = [nodes[0], nodes.at(-1)].map((node, index) => ({
    name: `${networkName}-${index + 1}`,
    node: node?.name,
  }));
  const deployment = { name: DEPLOYMENT, workload: "deployment" as const };
  const members: ServiceMember[] = plane === 0 ? [...pods, deployment] : pods;
  return members.map((member) => {
    const hears = members.filter((other) => other !== member).map(({ name }) => name);
    return { plane, member: { ...member, sends: true, hears } };
  });
}

/** @throws ValidationError when planes share an interface: multicast on one link is heard whatever subnet it comes from. */
function refuseSharedMasters(scope: TerraformStack, planes: OfflinePlanesProps["planes"]): void {
  const faults = planes.flatMap(({ master }, index) => {
    const other = planes.slice(0, index).find((each) => each.master === master);
    if (other === undefined) return [];
    const must = `not be that of ${other.networkName}, or the two are one plane`;
    const use = "another interface, or a VLAN on it";
    return { construct: scope.node.path, field: `planes[${index}].master`, got: master, must, use };
  });
  if (faults.length > 0) throw new ValidationError(faults);
}

/** The default image would be fetched from a registry that is not reached. */
function refuseDownload(scope: TerraformStack, props: OfflinePlanesProps): void {
  if (!installsMultus(props.cluster, props) || props.multusImage !== undefined) return;
  const must = "be given, since the default image is fetched";
  const use = "an image that is on the nodes, or usesExistingMultus: true";
  throw new ValidationError([{ construct: scope.node.path, field: "multusImage", got: "nothing", must, use }]);
}
