import {
  compareDeclared,
  listenerAnswers,
  multicastNamespace,
  type OpenShiftMulticastProps,
} from "./openshift-multicast";
import { ClusterProxy, type ClusterProxyProps } from "../constructs/openshift/cluster-proxy";
import { LocalBackend, TerraformStack, type Construct } from "../constructs/private/terraform";
import { DefaultNetwork } from "../constructs/verification/checked-network";
import { MulticastCheck } from "../constructs/verification/multicast-check";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import type { SocatCheck } from "../constructs/verification/socat-check";

/** Props of {@link OpenShiftDedicated}. */
export interface OpenShiftDedicatedProps extends OpenShiftMulticastProps {
  /**
   * The cluster-wide proxy. Setting it restarts the nodes one after another: set it before the check is asked, in a deploy of its own.
   *
   * @default - left as it is
   */
  readonly proxy?: Omit<ClusterProxyProps, "cluster">;
}

/**
 * OVN-Kubernetes on OpenShift Dedicated, as its document has it: multicast switched on in one project, the document's check, the matrix of
 * who hears whom on the cluster's network, and the cluster-wide proxy. The document's rules for the cluster are held at synth by the
 * constructs that they are about: secondary networks never on the default NIC, no overlap with join, transit and masquerade networks.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_dedicated/4/html/ovn-kubernetes_network_plugin/about-ovn-kubernetes
 */
export class OpenShiftDedicated extends TerraformStack {
  /** The document's check. */
  public readonly check: SocatCheck;
  /** Who hears a stream, and who must not. */
  public readonly matrix: MulticastCheck;
  /** The cluster-wide proxy, where one is given. */
  public readonly proxy?: ClusterProxy;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: OpenShiftDedicatedProps) {
    super(scope, id);
    new LocalBackend(this, { path: props.statePath });
    const { cluster, probeImage, proxy } = props;
    compareDeclared(this, cluster);
    if (proxy) this.proxy = new ClusterProxy(this, "Proxy", { cluster, ...proxy });
    const namespace = multicastNamespace(this, props);
    this.check = listenerAnswers(this, namespace, props);
    this.matrix = new MulticastCheck(this, "ProjectCarriesMulticast", {
      network: DefaultNetwork.of(namespace),
      group: MulticastGroup.of("239.1.1.1", { port: 5004, ttl: 64 }),
      image: probeImage,
    });
  }
}
