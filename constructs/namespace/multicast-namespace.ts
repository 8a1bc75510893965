import {
  annotationsWithSwitch,
  checkNamespaceMetadata,
  podSecurityLabels,
  type PodSecurityLevel,
} from "./namespace-metadata";
import { sayIfNone, switchOf, type MulticastSwitch } from "./multicast-switch";
import type { INamespace } from "./namespace";
import { NetNamespaceSwitch } from "./net-namespace-switch";
import { providersOf, type ICluster } from "../cluster/cluster";
import { NamespaceV1 } from "../private/kubernetes";
import { dns1123Label } from "../private/rules";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { Faults } from "../private/validate";
import { checkShape } from "../private/shape";

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
   * @default that of the cluster's network: "ovn-kubernetes" on OpenShift, "none" on K3s and elsewhere, which is said at synth
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
    checkShape(this, "MulticastNamespaceProps", props);
    this.cluster = props.cluster;
    this.namespaceName = props.namespaceName;
    this.multicastSwitch = props.multicastSwitch ?? switchOf(props.cluster);
    sayIfNone(this, props.cluster, props.multicastSwitch);
    this.checkProps(props);
    this.resource = new NamespaceV1(this, "Resource", {
      provider: providersOf(this, props.cluster).kubernetes,
      metadata: {
        name: props.namespaceName,
        labels: { ...podSecurityLabels(props.podSecurity ?? "restricted"), ...props.labels },
        annotations: annotationsWithSwitch(props.annotations, this.multicastSwitch),
      },
      // The API server refuses pods until the namespace has it.
      waitForDefaultServiceAccount: true,
    });
    this.ready = [this.resource];
    if (this.multicastSwitch === "openshift-sdn") this.ready.push(this.switchOnNetNamespace());
  }

  private switchOnNetNamespace(): ITerraformDependable {
    const { cluster, namespaceName } = this;
    return new NetNamespaceSwitch(this, "Multicast", { cluster, namespaceName, dependsOn: [this.resource] }).resource;
  }

  private checkProps(props: MulticastNamespaceProps): void {
    const faults = new Faults(this).check("namespaceName", props.namespaceName, dns1123Label, notMadeByKubernetes);
    checkNamespaceMetadata(faults, props);
    faults.throwIfAny();
  }
}

class ImportedNamespace extends Construct implements INamespace {
  public readonly namespaceName: string;
  public readonly cluster: ICluster;
  public readonly ready: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, attributes: MulticastNamespaceAttributes) {
    super(scope, id);
    checkShape(this, "MulticastNamespaceAttributes", attributes);
    this.namespaceName = attributes.namespaceName;
    this.cluster = attributes.cluster;
  }
}

function notMadeByKubernetes(name: string) {
  return name === "default" || name.startsWith("kube-")
    ? { must: "not be a namespace that Kubernetes made", use: "another name, or MulticastNamespace.fromNamespaceName" }
    : undefined;
}
