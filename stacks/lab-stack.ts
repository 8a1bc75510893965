import { multusOf, type LabMultusProps } from "./lab-multus";
import { keepState } from "./local-state";
import type { ICluster } from "../constructs/cluster/cluster";
import { MulticastNamespace } from "../constructs/namespace/multicast-namespace";
import { Ipam } from "../constructs/network/ipam";
import type { IpamRange } from "../constructs/network/ipam-range";
import { MacvlanNetwork } from "../constructs/network/macvlan-network";
import { TerraformStack, type Construct } from "../constructs/private/terraform";
import { MulticastCheck } from "../constructs/verification/multicast-check";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import { SocatCheck } from "../constructs/verification/socat-check";
import { checkFeed, endpointOf, receiversOn, receiversWith, type LabExternal } from "./lab-external";
import { checkShape } from "../constructs/private/shape";

/** Props of {@link LabStack}. */
export interface LabStackProps extends LabMultusProps {
  /** The cluster that carries the lab, from this app or not. */
  readonly cluster: ICluster;
  /**
   * File that keeps this stack's Terraform state (path on the machine that runs Terraform). A backend of the user's own in the stack,
   * such as `S3Backend`, takes its place.
   *
   * @default - `terraform.<stack>.tfstate` in the current directory, as CDKTF has it
   */
  readonly statePath?: string;
  /** Interface on every node that the macvlan network takes as `master`. */
  readonly master: string;
  /** Addresses of the verification pods on `master`. */
  readonly range: IpamRange;
  /**
   * Namespace that is made for the pods, a DNS-1123 label.
   *
   * @default "media"
   */
  readonly namespaceName?: string;
  /** Image with Node.js 18 or later and socat, with digest or tag. */
  readonly probeImage: string;
  /**
   * Machine outside the cluster that must hear the pods, and be heard by them.
   *
   * @default - none, and the checks stay inside the cluster
   */
  readonly external?: LabExternal;
}

/**
 * Multus, one macvlan network on the hosts' NICs, one multicast namespace, and the checks that decide whether the
 * deploy succeeds: the matrix of {@link MulticastCheck} and the documents' own socat check.
 */
export class LabStack extends TerraformStack {
  public constructor(scope: Construct, id: string, props: LabStackProps) {
    super(scope, id);
    checkShape(this, "LabStackProps", props);
    keepState(this, props.statePath);
    const { cluster, master, namespaceName = "media", probeImage: image } = props;
    const multus = multusOf(this, cluster, props);
    const namespace = new MulticastNamespace(this, "Media", { cluster, namespaceName });
    const network = new MacvlanNetwork(this, "Plane", {
      multus,
      namespace,
      master,
      ipam: Ipam.hostLocal(props.range),
    });
    const group = MulticastGroup.of("239.1.1.1", { port: 5004 });
    const external = props.external && endpointOf(this, props.external);
    const nodes = cluster.nodes.map(({ name }) => name);
    const receivers = receiversWith(external, nodes, group);
    new MulticastCheck(this, "PlaneCarriesMulticast", { network, group, receivers, image });
    if (external) {
      const listening = receiversOn(nodes.slice(0, 2));
      checkFeed(this, "OutsideIsHeard", external, { network, receivers: listening, image });
    }
    // No public image that we know of has both Node.js and socat, so this check has no default image.
    if (image !== undefined) new SocatCheck(this, "ListenerAnswers", { network, image });
  }
}
