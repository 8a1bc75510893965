import type { INamespace } from "../namespace/namespace";
import { networksAnnotation, NETWORKS_ANNOTATION, type Attachment } from "../network/attachment";
import { checkAttachments } from "../network/attachment-rules";
import { providersOf, type ICluster } from "../cluster/cluster";
import { checkTolerations, type Toleration } from "../cluster/toleration";
import { PodV1, type PodV1Spec } from "../private/kubernetes";
import { nameFromPath } from "../private/names";
import {
  dns1123Label,
  dns1123Subdomain,
  imageReference,
  labelValue,
  qualifiedName,
  storableText,
} from "../private/rules";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { judgedRevision } from "./judged-revision";
import { literalText } from "../private/terraform-text";
import { Faults, type Rule } from "../private/validate";
import { checkNode } from "../namespace/node-rule";
import {
  filesMount,
  filesVolume,
  keyMount,
  keyVolume,
  leastRights,
  metadata,
  placement,
  restrictedContainer,
  type ContainerProps,
  type PodRights,
} from "./pod-spec";
import { DEFAULT_PROBE_IMAGE } from "./probe-image";
import { checkShape } from "../private/shape";

/** Props of {@link VerificationPod}. */
export interface VerificationPodProps {
  /** Namespace of the pod. */
  readonly namespace: INamespace;
  /** Program and arguments, without a shell. */
  readonly command: readonly string[];
  /**
   * Networks that the pod is attached to, in the order of their interfaces.
   *
   * @default none: the pod has the cluster network alone
   */
  readonly attachments?: readonly Attachment[];
  /**
   * Name of the Pod object, a DNS-1123 label.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly podName?: string;
  /**
   * Host name inside the pod, a DNS-1123 label.
   *
   * @default the pod's name
   */
  readonly hostname?: string;
  /**
   * Name of the node it must run on.
   *
   * @default the scheduler chooses
   */
  readonly node?: string;
  /**
   * Taints that the pod tolerates, beside those that are known of the nodes ({@link ClusterNode.taints}, {@link SshHostOptions.nodeTaints}) and
   * on servers the usual ones.
   *
   * @default none
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * Whether the pod is on its node's own network, where Multus attaches nothing; its namespace must allow it (Pod Security `privileged`).
   *
   * @default false
   */
  readonly hostNetwork?: boolean;
  /**
   * Image, by digest or by a tag other than `latest`.
   *
   * @default Node.js 22 of the official image, by digest
   */
  readonly image?: string;
  /**
   * Environment variables.
   *
   * @default none
   */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Labels of the pod.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Name of a ConfigMap whose files the pod sees under `/probe`.
   *
   * @default none
   */
  readonly configMapName?: string;
  /**
   * Name of the Secret with the key of the deployment, an expression that only the apply knows.
   *
   * @default none
   * @internal
   */
  readonly keySecret?: string;
  /**
   * What must be applied before the pod, besides its namespace and networks.
   *
   * @default nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
}

const notEmpty: Rule<readonly string[]> = (value) =>
  value.length > 0 ? undefined : { must: "name a program", use: 'an argument list like ["node", "/probe/probe.cjs"]' };

/**
 * A pod on any number of networks that runs without root, privilege or a token of the API: what Pod Security
 * `restricted` asks for. It is gone a second after it is told to end.
 */
export class VerificationPod extends Construct {
  /** The `kubernetes_pod_v1`. */
  public readonly resource: PodV1;
  /** Name of the Pod object. */
  public readonly podName: string;
  /** Its namespace. */
  public readonly namespace: INamespace;
  /** Networks that it is attached to, in the order of their interfaces. */
  public readonly attachments: readonly Attachment[];
  /** Name of the node that it is bound to, where it is. */
  public readonly boundTo?: string;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: VerificationPodProps) {
    super(scope, id);
    checkShape(this, "VerificationPodProps", props);
    const { namespace, attachments = [] } = props;
    this.namespace = namespace;
    this.podName = props.podName ?? nameFromPath(this);
    this.attachments = attachments;
    this.boundTo = props.node;
    this.checkProps(props);
    const networks = attachments.length > 0 ? networksAnnotation(attachments, props.node) : undefined;
    const rights = leastRights(namespace.cluster, props.hostNetwork);
    const revision = judgedRevision(this, "Revision", {
      cluster: namespace.cluster,
      resource: () => this.resource,
      attachments,
    });
    this.resource = new PodV1(this, "Resource", {
      provider: providersOf(this, namespace.cluster).kubernetes,
      metadata: {
        ...metadata(namespace, this.podName, literal(props.labels ?? {})),
        annotations: { ...rights.annotations, ...(networks && { [NETWORKS_ANNOTATION]: literalText(networks) }) },
      },
      spec: verificationPodSpec({ ...props, revision: revision.id }, namespace.cluster, rights, networks),
      timeouts: { create: "3m" },
      // Multus adds its own annotation, which would look like drift at each plan. Those of ours do not change under a pod: see `spec`.
      lifecycle: { ignoreChanges: ["metadata[0].annotations", ...rights.ignoreChanges] },
      dependsOn: [
        ...namespace.ready,
        ...attachments.flatMap(({ network }) => network.ready),
        ...(props.dependsOn ?? []),
      ],
    });
  }

  private checkProps(props: VerificationPodProps): void {
    const faults = new Faults(this)
      .check("podName", this.podName, dns1123Label)
      .check("hostname", props.hostname, dns1123Label)
      .check("configMapName", props.configMapName, dns1123Subdomain)
      .check("image", props.image, imageReference)
      .check("command", props.command, notEmpty);
    props.command.forEach((word, index) => faults.check(`command[${index}]`, word, storableText));
    for (const [name, value] of Object.entries(props.env ?? {}))
      faults.check(`env.${name}`, name, environmentName).check(`env.${name}`, value, storableText);
    for (const [label, value] of Object.entries(props.labels ?? {}))
      faults.check(`labels.${label}`, label, qualifiedName).check(`labels.${label}`, value, labelValue);
    checkTolerations(faults, props.tolerations);
    checkNode(faults, "node", props.node, props.namespace);
    checkAttachments(faults, props.attachments ?? [], props.node);
    if (props.hostNetwork && (props.attachments ?? []).length > 0) {
      const use = "hostNetwork: false, or no attachments";
      faults.add("hostNetwork", true, { must: "be false in a pod with attachments: Multus makes none there", use });
    }
    faults.throwIfAny();
  }
}

/** The spec of such a pod, also for the template of a workload. */
export function verificationPodSpec(
  props: Omit<VerificationPodProps, "namespace" | "podName" | "attachments"> &
    Pick<ContainerProps, "fields" | "revision">,
  cluster: ICluster,
  rights: PodRights,
  networks?: string,
): PodV1Spec {
  const { image = DEFAULT_PROBE_IMAGE, command, configMapName, keySecret, fields, revision } = props;
  // A pod is attached once, when it starts. With the networks in its environment a change of them makes a new pod.
  const env = networks === undefined ? props.env : { ...props.env, POD_NETWORKS: networks };
  const mounts = [...(configMapName === undefined ? [] : [filesMount]), ...(keySecret === undefined ? [] : [keyMount])];
  const volumes = [
    ...(configMapName === undefined ? [] : [filesVolume(configMapName)]),
    ...(keySecret === undefined ? [] : [keyVolume(keySecret)]),
  ];
  return {
    hostname: props.hostname,
    hostNetwork: props.hostNetwork === true ? true : undefined,
    ...placement(cluster, props.node, props.tolerations),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    securityContext: rights.securityContext,
    container: [
      {
        ...restrictedContainer({ image, command, env, fields, revision }),
        volumeMount: mounts.length === 0 ? undefined : mounts,
      },
    ],
    volume: volumes.length === 0 ? undefined : volumes,
  };
}

const environmentName: Rule<string> = (value) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(value)
    ? undefined
    : { must: "have a name of letters, digits and _, not starting with a digit", use: 'a name like "RATE"' };

function literal(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, literalText(value)]));
}
