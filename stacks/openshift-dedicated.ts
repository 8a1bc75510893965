import { keepState } from "./local-state";
import {
  compareDeclared,
  listenerAnswers,
  multicastNamespace,
  projectChecks,
  type OpenShiftMulticastProps,
} from "./openshift-multicast";
import { ClusterProxy, type ClusterProxyProps } from "../constructs/openshift/cluster-proxy";
import { TerraformStack, type Construct } from "../constructs/private/terraform";
import type { MulticastCheck } from "../constructs/verification/multicast-check";
import type { SocatCheck } from "../constructs/verification/socat-check";
import { checkShape } from "../constructs/private/shape";

/** Props of {@link OpenShiftDedicated}. */
export interface OpenShiftDedicatedProps extends OpenShiftMulticastProps {
  /**
   * The cluster-wide proxy. Setting it restarts the nodes one after another: set it before the check is asked, in a deploy of its own.
   *
   * @default - left as it is
   */
  readonly proxy?: Omit<ClusterProxyProps, "cluster">;
  /**
   * Whether a pod on its node's own network is among those of `isolation` that must hear nothing. Its namespace has Pod Security
   * `privileged`, and on OpenShift whoever deploys must be allowed the constraint `hostnetwork-v2`.
   *
   * @default true
   */
  readonly hostNetwork?: boolean;
  /**
   * Whether in one more namespace the annotation is set, removed and set again under a running stream, which takes minutes. Needs `isolation`.
   *
   * @default false
   */
  readonly switching?: boolean;
}

/**
 * OVN-Kubernetes on OpenShift Dedicated, as its document has it: multicast switched on in one project, the document's check, the
 * document's statements on who hears whom as checks, and the cluster-wide proxy. The document's rules for the cluster are held at synth
 * by the constructs that they are about: secondary networks never on the default NIC, no overlap with join, transit and masquerade
 * networks.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_dedicated/4/html/ovn-kubernetes_network_plugin/about-ovn-kubernetes
 */
export class OpenShiftDedicated extends TerraformStack {
  /** The document's check. */
  public readonly check: SocatCheck;
  /** Who hears a stream in the project; that nobody of another namespace does, nor a pod on its node's own network. */
  public readonly matrix?: MulticastCheck;
  /** That nobody hears anybody in a namespace without the annotation. */
  public readonly offByDefault?: MulticastCheck;
  /** That a deny-all NetworkPolicy stops unicast, and no multicast. */
  public readonly denyAll?: MulticastCheck;
  /** That a running stream is heard from when the annotation is set until it is removed. */
  public readonly switched?: MulticastCheck;
  /** The cluster-wide proxy, where one is given. */
  public readonly proxy?: ClusterProxy;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: OpenShiftDedicatedProps) {
    super(scope, id);
    checkShape(this, "OpenShiftDedicatedProps", props);
    keepState(this, props.statePath);
    const { cluster, proxy, isolation = true, hostNetwork = true } = props;
    compareDeclared(this, cluster);
    if (proxy) this.proxy = new ClusterProxy(this, "Proxy", { cluster, ...proxy });
    const project = multicastNamespace(this, props);
    this.check = listenerAnswers(this, project, props);
    if (!isolation) return;
    const checks = projectChecks(this, project, props);
    const [other, off] = [checks.annotated("Other", "other"), checks.unannotated("Off", "off")];
    this.matrix = checks.carries("ProjectCarriesMulticast", [
      checks.stranger("other-namespace", other, "same-node"),
      checks.stranger("no-annotation", off, "other-node"),
      ...(hostNetwork ? [checks.onHost("host-network", checks.privileged("Host", "host"))] : []),
    ]);
    this.offByDefault = checks.silentIn("OffByDefault", off);
    this.denyAll = checks.passesDenyAll("DenyAllPasses", checks.annotated("Denied", "denied"), other);
    if (props.switching)
      this.switched = checks.followsSwitch("FollowsAnnotation", checks.unannotated("Switched", "switched"));
  }
}
