import { keepState } from "./local-state";
import type { ICluster } from "../constructs/cluster/cluster";
import { AdoptedNamespace } from "../constructs/namespace/adopted-namespace";
import { MulticastNamespace } from "../constructs/namespace/multicast-namespace";
import type { INamespace } from "../constructs/namespace/namespace";
import { AttachedOpenShiftCluster } from "../constructs/openshift/attached-cluster";
import { TerraformStack, type Construct } from "../constructs/private/terraform";
import { DefaultNetwork } from "../constructs/verification/checked-network";
import type { MulticastCheck } from "../constructs/verification/multicast-check";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import { SocatCheck } from "../constructs/verification/socat-check";
import { ProjectChecks } from "./project-checks";
import { checkShape } from "../constructs/private/shape";

/** Props of {@link OpenShiftMulticast}. */
export interface OpenShiftMulticastProps {
  /** The cluster: `OpenShiftCluster.fromKubeconfig`, of which what is declared is compared in this stack, or any other on OVN-Kubernetes. */
  readonly cluster: ICluster;
  /**
   * File that keeps this stack's Terraform state (path on the machine that runs Terraform). A backend of the user's own in the stack,
   * such as `S3Backend`, takes its place.
   *
   * @default - `terraform.<stack>.tfstate` in the current directory, as CDKTF has it
   */
  readonly statePath?: string;
  /**
   * Namespace (project) in which multicast is switched on, a DNS-1123 label.
   *
   * @default "multicast-verify"
   */
  readonly namespaceName?: string;
  /**
   * Whether the namespace exists. It then gets the switch and nothing else, and loses it on destroy; else it is made and removed.
   *
   * @default false
   */
  readonly adoptNamespace?: boolean;
  /** Image of the check's pods, with Node.js 18 or later and socat, by digest or by a tag other than `latest`. */
  readonly probeImage: string;
  /**
   * Group, port and TTL of the check.
   *
   * @default 224.1.0.1, port 30102, TTL 64, as in the document
   */
  readonly group?: {
    /** The group, IPv4. */
    readonly address: string;
    /** UDP port. */
    readonly port: number;
    /** TTL. @default 64 */
    readonly ttl?: number;
  };
  /**
   * Whether it is checked as well who hears whom: pods of the project on all nodes, and nobody in two further namespaces, one with
   * multicast switched on and one without, which are made for that and whose names begin with the project's.
   *
   * @default true
   */
  readonly isolation?: boolean;
  /**
   * Loss that pods which must hear may have in the checks of `isolation`, in percent.
   *
   * @default 1
   */
  readonly maxLossPercent?: number;
}

/**
 * Multicast in one project of an OpenShift 4 with OVN-Kubernetes: the namespace's annotation, and the document's own check as part of
 * the deploy. A pod of host name `mlistener` answers each datagram to the group with its name, from another node than the sender's where
 * there are two, and the deploy fails unless that name comes back. Beside it, that multicast is off by default and stays in its project.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/ovn-kubernetes_network_plugin/enabling-multicast
 */
export class OpenShiftMulticast extends TerraformStack {
  /** The document's check. */
  public readonly check: SocatCheck;
  /** Who hears a stream in the project, and that nobody of another namespace does. */
  public readonly matrix?: MulticastCheck;
  /** That nobody hears anybody in a namespace without the annotation. */
  public readonly offByDefault?: MulticastCheck;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: OpenShiftMulticastProps) {
    super(scope, id);
    checkShape(this, "OpenShiftMulticastProps", props);
    keepState(this, props.statePath);
    compareDeclared(this, props.cluster);
    const project = multicastNamespace(this, props);
    this.check = listenerAnswers(this, project, props);
    if (props.isolation === false) return;
    const checks = projectChecks(this, project, props);
    const [other, off] = [checks.annotated("Other", "other"), checks.unannotated("Off", "off")];
    this.matrix = checks.carries("ProjectCarriesMulticast", [
      checks.stranger("other-namespace", other, "same-node"),
      checks.stranger("no-annotation", off, "other-node"),
    ]);
    this.offByDefault = checks.silentIn("OffByDefault", off);
  }
}

/** The namespace with multicast switched on: one that is made, or one that exists. */
export function multicastNamespace(
  scope: Construct,
  { cluster, namespaceName = "multicast-verify", adoptNamespace }: OpenShiftMulticastProps,
): INamespace {
  const common = { cluster, namespaceName };
  return adoptNamespace
    ? new AdoptedNamespace(scope, "Namespace", common)
    : new MulticastNamespace(scope, "Namespace", common);
}

/** The document's own check, on the cluster's network. */
export function listenerAnswers(
  scope: Construct,
  namespace: INamespace,
  { probeImage, group }: OpenShiftMulticastProps,
): SocatCheck {
  return new SocatCheck(scope, "ListenerAnswers", {
    network: DefaultNetwork.of(namespace),
    image: probeImage,
    group: group && MulticastGroup.of(group.address, { port: group.port, ttl: group.ttl ?? 64 }),
  });
}

/** The checks of who hears whom in a project. */
export function projectChecks(
  scope: Construct,
  project: INamespace,
  { cluster, probeImage: image, maxLossPercent }: OpenShiftMulticastProps,
): ProjectChecks {
  return new ProjectChecks(scope, { cluster, project, image, maxLossPercent });
}

/** Holds an OpenShift against what is declared of it, in the stack of `scope`. */
export function compareDeclared(scope: Construct, cluster: ICluster): void {
  if (cluster instanceof AttachedOpenShiftCluster) cluster.readIn(scope);
}
