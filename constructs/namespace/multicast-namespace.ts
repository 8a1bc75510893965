import type { INamespace } from "./namespace";
import { providersOf, type ICluster } from "../cluster/cluster";
import { NamespaceV1 } from "../private/kubernetes";
import { dns1123Label, labelValue, oneOf, qualifiedName, storableText } from "../private/rules";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import { Faults } from "../private/validate";

/** Levels of Pod Security, from none to strict (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/**
 * How the cluster's own network switches multicast on in a namespace: OVN-Kubernetes by an annotation, others not at
 * all (https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/ovn-kubernetes_network_plugin/enabling-multicast).
 */
export type MulticastSwitch = "ovn-kubernetes" | "none";

/** Props of {@link MulticastNamespace}. */
export interface MulticastNamespaceProps {
  /** The cluster that gets the namespace. */
  readonly cluster: ICluster;
  /** Name of the Namespace object, a DNS-1123 label. */
  readonly namespaceName: string;
  /**
   * Labels of the namespace.
   *
   * @default none but those of Pod Security
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Annotations of the namespace.
   *
   * @default none but the network's multicast switch
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * What the API server lets pods of the namespace do. Verification pods need no more than `restricted`.
   *
   * @default "restricted"
   */
  readonly podSecurity?: PodSecurityLevel;
  /**
   * How the cluster's own network carries multicast in the namespace. It does not matter to attached networks.
   *
   * @default "ovn-kubernetes" on OpenShift, "none" elsewhere
   */
  readonly multicastSwitch?: MulticastSwitch;
}

/** How an existing namespace is named to {@link MulticastNamespace.fromNamespaceName}. */
export interface MulticastNamespaceAttributes {
  /** The cluster that has the namespace. */
  readonly cluster: ICluster;
  /** Name of the Namespace object, a DNS-1123 label. */
  readonly namespaceName: string;
}

/** Annotation that OVN-Kubernetes reads (ovn-kubernetes go-controller/pkg/util/namespace_annotation.go). */
const ovnMulticast = "k8s.ovn.org/multicast-enabled";
const podSecurityPrefix = "pod-security.kubernetes.io";
const levels: readonly PodSecurityLevel[] = ["privileged", "baseline", "restricted"];
const switches: readonly MulticastSwitch[] = ["ovn-kubernetes", "none"];

/** A namespace in which pods may multicast, on the cluster's own network as well where that has a switch for it. */
export class MulticastNamespace extends Construct implements INamespace {
  /**
   * A namespace that exists already; it is left as it is.
   *
   * @throws ValidationError when the name is not a DNS-1123 label.
   */
  public static fromNamespaceName(scope: Construct, id: string, attributes: MulticastNamespaceAttributes): INamespace {
    const imported = new ImportedNamespace(scope, id, attributes);
    new Faults(imported).check("namespaceName", attributes.namespaceName, dns1123Label).throwIfAny();
    return imported;
  }

  public readonly namespaceName: string;
  public readonly cluster: ICluster;
  public readonly ready: ITerraformDependable[];
  /** How multicast is switched on in the cluster's own network; with `none` this construct sets nothing for it. */
  public readonly multicastSwitch: MulticastSwitch;
  /** The Namespace. */
  public readonly resource: NamespaceV1;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: MulticastNamespaceProps) {
    super(scope, id);
    this.cluster = props.cluster;
    this.namespaceName = props.namespaceName;
    this.multicastSwitch =
      props.multicastSwitch ?? (this.cluster.distribution === "openshift" ? "ovn-kubernetes" : "none");
    this.checkProps(props);
    this.resource = new NamespaceV1(this, "Resource", {
      provider: providersOf(this, props.cluster).kubernetes,
      metadata: {
        name: props.namespaceName,
        labels: { ...podSecurityLabels(props.podSecurity ?? "restricted"), ...props.labels },
        annotations: this.annotations(props.annotations),
      },
      // The API server refuses pods until the namespace has it.
      waitForDefaultServiceAccount: true,
    });
    this.ready = [this.resource];
  }

  private checkProps(props: MulticastNamespaceProps): void {
    const faults = new Faults(this)
      .check("namespaceName", props.namespaceName, dns1123Label, notMadeByKubernetes)
      .check("podSecurity", props.podSecurity, oneOf(levels))
      .check("multicastSwitch", props.multicastSwitch, oneOf(switches));
    for (const [key, value] of Object.entries(props.labels ?? {})) {
      faults.check("labels", key, qualifiedName, notOwn).check(`labels.${key}`, value, labelValue);
    }
    for (const [key, value] of Object.entries(props.annotations ?? {})) {
      faults.check("annotations", key, qualifiedName, notOwn).check(`annotations.${key}`, value, storableText);
    }
    faults.throwIfAny();
  }

  private annotations(own: Readonly<Record<string, string>> = {}): Record<string, string> {
    const literal = Object.entries(own).map(([key, value]) => [key, literalText(value)] as const);
    const multicast = this.multicastSwitch === "ovn-kubernetes" ? ([[ovnMulticast, "true"]] as const) : [];
    return Object.fromEntries([...literal, ...multicast]);
  }
}

class ImportedNamespace extends Construct implements INamespace {
  public readonly namespaceName: string;
  public readonly cluster: ICluster;
  public readonly ready: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, attributes: MulticastNamespaceAttributes) {
    super(scope, id);
    this.namespaceName = attributes.namespaceName;
    this.cluster = attributes.cluster;
  }
}

function podSecurityLabels(level: PodSecurityLevel): Record<string, string> {
  return Object.fromEntries(["enforce", "audit", "warn"].map((mode) => [`${podSecurityPrefix}/${mode}`, level]));
}

function notMadeByKubernetes(name: string) {
  return name === "default" || name.startsWith("kube-")
    ? { must: "not be a namespace that Kubernetes made", use: "another name, or MulticastNamespace.fromNamespaceName" }
    : undefined;
}

function notOwn(key: string) {
  return key === ovnMulticast || key.startsWith(`${podSecurityPrefix}/`)
    ? { must: "not be a key that this construct sets", use: "podSecurity or multicastSwitch" }
    : undefined;
}
