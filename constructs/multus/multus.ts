import type { ICluster } from "../cluster/cluster";
import {
  ClusterRoleBindingV1,
  ClusterRoleV1,
  type DaemonSetV1,
  NamespaceV1,
  ServiceAccountV1,
} from "../private/kubernetes";
import { KubernetesObjects } from "../private/kubernetes-objects";
import { providersOf } from "../cluster/cluster";
import { dns1123Label, imageReference, oneOf } from "../private/rules";
import { Construct, type DataResource, type IConstruct, type ITerraformDependable } from "../private/terraform";
import { Faults } from "../private/validate";
import { networkAttachmentDefinitionCrd } from "./crd";
import { InstalledOnNode } from "./installed-on-node";
import { MultusDaemonSet } from "./multus-daemon-set";
import { cniVersion, kubernetesQuantity, notTakenByKubernetes } from "./rules";
import { checkShape } from "../private/shape";

/** Multus that serves a cluster: one we install, or one that exists. */
export interface IMultus extends IConstruct {
  /** The cluster it serves. */
  readonly cluster: ICluster;
  /** What must be applied before a network or a pod that is attached to one; empty for a Multus that exists. */
  readonly ready: ITerraformDependable[];

  /**
   * Puts a definition into the cluster; undefined where it is an object of its own.
   *
   * @returns the resource after which pods can be attached.
   */
  putDefinition?(scope: Construct, definition: Definition): DataResource;
}

/** A NetworkAttachmentDefinition that is to be put into a cluster. */
export interface Definition {
  /** Name of the object. */
  readonly networkName: string;
  /** Name of its namespace. */
  readonly namespaceName: string;
  /** The CNI configuration, ASCII JSON; read at synth, after the last override. */
  readonly config: () => string;
  /** What must be applied before. */
  readonly dependsOn: ITerraformDependable[];
}

/** What the Multus container of each node asks for, as Kubernetes quantities. */
export interface MultusResources {
  /** CPU share that is set aside, e.g. `10m`. @default "10m" */
  readonly cpuRequest?: string;
  /** Memory that is set aside, e.g. `32Mi`. @default "32Mi" */
  readonly memoryRequest?: string;
  /** Memory above which the container is ended; the copy of the plugin (47 MB) passes through its page cache. @default "128Mi" */
  readonly memoryLimit?: string;
}

/** Props of {@link Multus}. */
export interface MultusProps {
  /** The cluster to install Multus on. OpenShift has one already: see {@link Multus.fromCluster}. */
  readonly cluster: ICluster;
  /**
   * Image of thin Multus 4.3, by digest or by a tag other than `latest`.
   * @default "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0"
   */
  readonly image?: string;
  /**
   * Namespace that is made for Multus alone: its pods write to the node and need the Pod Security level `privileged`.
   * @default "multus"
   */
  readonly namespaceName?: string;
  /**
   * Whether a pod may use the networks of its own namespace only, apart from those of {@link MultusProps.globalNamespaces}
   * (https://github.com/k8snetworkplumbingwg/multus-cni/blob/v4.3.0/docs/configuration.md#namespace-isolation).
   * @default true
   */
  readonly namespaceIsolation?: boolean;
  /** Namespaces whose networks every pod may use in spite of the isolation. @default ["default"] */
  readonly globalNamespaces?: readonly string[];
  /**
   * `cniVersion` of the first CNI configuration on the nodes, the cluster's own network. It decides the name of the file
   * that Multus writes, `00-multus.conf` below 1.0.0 and `00-multus.conflist` from there on, and with it what is waited for.
   * @default "0.4.0" with OVN-Kubernetes, "1.0.0" with K3s' flannel, "0.3.1" elsewhere (flannel, Calico and Cilium as installed by their makers)
   */
  readonly defaultNetworkCniVersion?: string;
  /** What Multus writes to the container runtime's log at each call. @default "error" */
  readonly logLevel?: "debug" | "verbose" | "error" | "panic";
  /** Resources of the container on each node. @default the defaults of {@link MultusResources} */
  readonly resources?: MultusResources;
}

/** The thin image of the release; its multi-architecture digest is not recorded here, set `image` to pin it. */
const DEFAULT_IMAGE = "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0";

/** One name for all: the objects lie in a namespace of their own, and there is one Multus a cluster. */
const NAME = "multus";

/**
 * Multus (thin) on every node of a cluster, with the NetworkAttachmentDefinition CRD and the few rights it uses. It is
 * `ready` when each node's container runtime has Multus as its first configuration: a pod that is made before gets its
 * default interface only, and says nothing about it. On destroy Multus takes its configuration off the nodes again;
 * the CRD stays, since with it every NetworkAttachmentDefinition of the cluster would go.
 *
 * Source: https://github.com/k8snetworkplumbingwg/multus-cni/tree/v4.3.0
 */
export class Multus extends Construct implements IMultus {
  public readonly cluster: ICluster;
  public readonly ready: ITerraformDependable[];
  /** The DaemonSet. */
  public readonly resource: DaemonSetV1;
  /** The namespace of Multus. */
  public readonly namespaceName: string;

  /** @throws ValidationError with every fault of the props at once. */
  public constructor(scope: Construct, id: string, props: MultusProps) {
    super(scope, id);
    checkShape(this, "MultusProps", props);
    this.validate(props);
    this.cluster = props.cluster;
    this.namespaceName = props.namespaceName ?? NAME;
    const namespace = this.makeNamespace();
    const crd = new KubernetesObjects(this, "NetworkAttachmentDefinitions", {
      cluster: props.cluster,
      releaseName: "network-attachment-definitions",
      namespaceName: this.namespaceName,
      objects: [networkAttachmentDefinitionCrd],
      dependsOn: [namespace],
    });
    const image = props.image ?? DEFAULT_IMAGE;
    const daemonSet = new MultusDaemonSet(this, "DaemonSet", {
      ...props,
      image,
      name: NAME,
      namespaceName: this.namespaceName,
      dependsOn: [crd.resource, ...this.makeRights(namespace)],
    });
    this.resource = daemonSet.resource;
    this.ready = props.cluster.nodes.map(
      (node) =>
        new InstalledOnNode(this, `InstalledOn-${node.name}`, {
          cluster: props.cluster,
          image,
          namespaceName: this.namespaceName,
          nodeName: node.name,
          cniVersion: props.defaultNetworkCniVersion,
          beside: daemonSet.revisionLabels,
          dependsOn: [daemonSet.resource],
        }).resource,
    );
  }

  /**
   * Multus of a cluster that has it already, as every OpenShift has; nothing is installed and nothing removed.
   *
   * @param props the cluster that it serves.
   */
  public static fromCluster(scope: Construct, id: string, props: { readonly cluster: ICluster }): IMultus {
    return new ExistingMultus(scope, id, props);
  }

  private validate(props: MultusProps): void {
    const faults = new Faults(this);
    if (props.cluster.distribution === "openshift") {
      faults.add("cluster", "openshift", {
        must: "be a cluster without Multus, and OpenShift runs its own",
        use: "Multus.fromCluster",
      });
    }
    faults
      .check("image", props.image, imageReference)
      .check("namespaceName", props.namespaceName, dns1123Label, notTakenByKubernetes)
      .check("logLevel", props.logLevel, oneOf(["debug", "verbose", "error", "panic"]))
      .check("defaultNetworkCniVersion", props.defaultNetworkCniVersion, cniVersion);
    props.globalNamespaces?.forEach((name, i) => faults.check(`globalNamespaces[${i}]`, name, dns1123Label));
    for (const [field, quantity] of Object.entries(props.resources ?? {})) {
      faults.check(`resources.${field}`, quantity as string | undefined, kubernetesQuantity);
    }
    faults.throwIfAny();
  }

  private makeNamespace(): NamespaceV1 {
    return new NamespaceV1(this, "Namespace", {
      provider: providersOf(this, this.cluster).kubernetes,
      metadata: {
        name: this.namespaceName,
        // hostPath and hostNetwork are refused below this level (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
        labels: { "pod-security.kubernetes.io/enforce": "privileged" },
      },
    });
  }

  /**
   * What thin Multus 4.3.0 asks of the API server, found in its source (pkg/k8sclient and the NAD client's SetNetworkStatus):
   * it reads the pod and its networks and updates the pod's status. Upstream grants all verbs on the whole API group.
   */
  private makeRights(namespace: NamespaceV1): ITerraformDependable[] {
    const provider = providersOf(this, this.cluster).kubernetes;
    const account = new ServiceAccountV1(this, "ServiceAccount", {
      provider,
      metadata: { name: NAME, namespace: this.namespaceName },
      dependsOn: [namespace],
    });
    const role = new ClusterRoleV1(this, "ClusterRole", {
      provider,
      metadata: { name: NAME },
      rule: [
        { apiGroups: ["k8s.cni.cncf.io"], resources: ["network-attachment-definitions"], verbs: ["get"] },
        { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
        { apiGroups: [""], resources: ["pods/status"], verbs: ["update"] },
        { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
      ],
    });
    const binding = new ClusterRoleBindingV1(this, "ClusterRoleBinding", {
      provider,
      metadata: { name: NAME },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: NAME },
      subject: [{ kind: "ServiceAccount", name: NAME, namespace: this.namespaceName }],
      dependsOn: [role, account],
    });
    return [account, binding];
  }
}

class ExistingMultus extends Construct implements IMultus {
  public readonly cluster: ICluster;
  public readonly ready: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, props: { readonly cluster: ICluster }) {
    super(scope, id);
    checkShape(this, "Multus.fromCluster(props)", props);
    this.cluster = props.cluster;
  }
}
