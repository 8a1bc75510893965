import { sayIfNone, switchOf, type MulticastSwitch } from "./multicast-switch";
import type { INamespace } from "./namespace";
import {
  annotationsWithSwitch,
  checkNamespaceMetadata,
  podSecurityLabels,
  type PodSecurityLevel,
} from "./namespace-metadata";
import { NetNamespaceSwitch } from "./net-namespace-switch";
import { providersOf, type ICluster } from "../cluster/cluster";
import { Annotations, Labels } from "../private/kubernetes";
import { nameFromPath, nameOfParts } from "../private/names";
import { dns1123Label } from "../private/rules";
import { Construct, type DataResource, TerraformStack, type ITerraformDependable } from "../private/terraform";
import { Faults } from "../private/validate";
import { checkShape } from "../private/shape";

/** Props of {@link AdoptedNamespace}. */
export interface AdoptedNamespaceProps {
  /** The cluster that has the namespace. */
  readonly cluster: ICluster;
  /** Name of the Namespace object, a DNS-1123 label. */
  readonly namespaceName: string;
  /**
   * Labels that the namespace gets beside its own.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Annotations that the namespace gets beside its own.
   *
   * @default none but the network's multicast switch
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * What the API server lets pods of the namespace do.
   *
   * @default left as it is
   */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * How the cluster's own network carries multicast in the namespace. It does not matter to attached networks.
   *
   * @default that of the cluster's network: "ovn-kubernetes" on OpenShift, "none" on K3s and elsewhere, which is said at synth
   */
  readonly multicastSwitch?: MulticastSwitch;
}

/**
 * A namespace that exists, with multicast switched on for as long as the stack is there. It gets what it does not have, by
 * server-side apply: what it has already with the same value stays on destroy, everything else is taken away then. A label or
 * annotation that has another value is never overwritten: the apply fails with "Field manager conflict" and names it. Needs
 * Kubernetes 1.18 or later, but for the switch of OpenShift SDN.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
 */
export class AdoptedNamespace extends Construct implements INamespace {
  public readonly namespaceName: string;
  public readonly cluster: ICluster;
  public readonly ready: ITerraformDependable[];
  /** How multicast is switched on in the cluster's own network; with `none` this construct sets nothing for it. */
  public readonly multicastSwitch: MulticastSwitch;
  /** The `kubernetes_labels`, where labels are set. */
  public readonly labels?: Labels;
  /** The `kubernetes_annotations`, where annotations are set. */
  public readonly annotations?: Annotations;
  /** The `terraform_data` that switches OpenShift SDN, where that is the cluster's network. */
  public readonly netNamespace?: DataResource;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: AdoptedNamespaceProps) {
    super(scope, id);
    checkShape(this, "AdoptedNamespaceProps", props);
    this.cluster = props.cluster;
    this.namespaceName = props.namespaceName;
    this.multicastSwitch = props.multicastSwitch ?? switchOf(props.cluster);
    sayIfNone(this, props.cluster, props.multicastSwitch);
    const faults = new Faults(this).check("namespaceName", props.namespaceName, dns1123Label);
    checkNamespaceMetadata(faults, props);
    faults.throwIfAny();
    const { podSecurity } = props;
    this.labels = this.addLabels({ ...(podSecurity && podSecurityLabels(podSecurity)), ...props.labels });
    this.annotations = this.addAnnotations(annotationsWithSwitch(props.annotations, this.multicastSwitch));
    const { cluster, namespaceName } = this;
    this.netNamespace =
      this.multicastSwitch === "openshift-sdn"
        ? new NetNamespaceSwitch(this, "Multicast", { cluster, namespaceName, dependsOn: [] }).resource
        : undefined;
    this.ready = [this.labels, this.annotations, this.netNamespace].filter((each) => each !== undefined);
  }

  private addLabels(labels: Readonly<Record<string, string>>): Labels | undefined {
    return Object.keys(labels).length > 0
      ? new Labels(this, "Labels", { ...this.target("labels"), labels })
      : undefined;
  }

  private addAnnotations(annotations: Readonly<Record<string, string>>): Annotations | undefined {
    return Object.keys(annotations).length > 0
      ? new Annotations(this, "Annotations", { ...this.target("annotations"), annotations })
      : undefined;
  }

  private target(what: string) {
    return {
      provider: providersOf(this, this.cluster).kubernetes,
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: this.namespaceName },
      // A manager's apply takes away what it set before and does not set again, so no two resources may share one.
      fieldManager: nameOfParts("multicast-lab", `${TerraformStack.of(this).node.id}-${nameFromPath(this)}-${what}`),
      force: false,
    };
  }
}
