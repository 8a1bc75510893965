import type { INamespace } from "../namespace/namespace";
import { networksAnnotation, NETWORKS_ANNOTATION, type Attachment } from "../network/attachment";
import { checkAttachments } from "../network/attachment-rules";
import { providersOf } from "../cluster/cluster";
import type { Toleration } from "../cluster/toleration";
import {
  ConfigMapV1,
  type DeploymentV1,
  PodV1,
  type PodV1Spec,
  RoleBindingV1,
  RoleV1,
  ServiceAccountV1,
  type ServiceV1,
} from "../private/kubernetes";
import { Construct, type DataResource, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import { Faults } from "../private/validate";
import {
  checkLabels,
  filesMount,
  filesVolume,
  keyMount,
  keyVolume,
  leastRights,
  metadata,
  placement,
  restrictedContainer,
  type PodRights,
} from "./pod-spec";
import { judgedRevision } from "./judged-revision";
import type { ProbeFiles } from "./probe-files";

/** Name of the configuration that the verdict reads. */
export const VERDICT_CONFIG = "verdict";

/** One pod, a workload that makes pods, or what runs a probe outside the cluster. */
export interface JudgedWorkload {
  /** What Terraform makes; a change of it is judged anew. */
  readonly resource: PodV1 | DeploymentV1 | DataResource;
  /** Name of the Pod object, where it is known and there is one. */
  readonly podName?: string;
  /** Its namespace, where it is not the verdict's. */
  readonly namespace?: INamespace;
}

/** Props of {@link VerdictPod}. */
export interface VerdictPodProps {
  /** Namespace of the pod and its helpers. */
  readonly namespace: INamespace;
  /** Name of the check, the start of all names. */
  readonly checkName: string;
  /** Image with Node.js. */
  readonly image: string;
  /** The probe and its configuration `verdict`. */
  readonly files: ProbeFiles;
  /** What is judged; the verdict may look at those pods that have a name. */
  readonly judged: readonly JudgedWorkload[];
  /** Seconds after which the verdict falls in any case. */
  readonly deadlineSeconds: number;
  /** Networks that the verdict itself is attached to; none where undefined. */
  readonly attachments?: readonly Attachment[];
  /** Name of the node it must run on; the scheduler chooses where undefined. */
  readonly node?: string;
  /** Taints that it tolerates beside the known ones; none where undefined. */
  readonly tolerations?: readonly Toleration[];
  /** Whether the verdict may change its Namespace object; it may not where undefined. */
  readonly changesNamespace?: boolean;
  /** Services that the verdict may look up; none where undefined. */
  readonly services?: readonly ServiceV1[];
}

/** Name of the ConfigMap that takes a check's report. */
export function reportName(checkName: string): string {
  return `${checkName}-report`;
}

/**
 * The pod whose end decides the apply. The verdict runs in its init container: hashicorp/kubernetes waits while a pod is
 * Pending, and when it fails prints the pod's warnings, of which the verdict writes one for each receiver that failed. A
 * Job would only be said to have failed (docs/adr/0004-the-verdict-gates-the-apply.md).
 */
export class VerdictPod extends Construct {
  public readonly resource: PodV1;
  /** The ConfigMap that takes the report. */
  public readonly report: ConfigMapV1;

  public constructor(scope: Construct, id: string, props: VerdictPodProps) {
    super(scope, id);
    const { namespace, checkName, attachments = [] } = props;
    const provider = providersOf(this, namespace.cluster).kubernetes;
    const named = (component: string): ReturnType<typeof metadata> =>
      metadata(namespace, `${checkName}-${component}`, checkLabels(checkName, component));
    this.report = new ConfigMapV1(this, "Report", {
      provider,
      metadata: named("report"),
      lifecycle: { ignoreChanges: ["data"] },
      dependsOn: props.namespace.ready,
    });
    const judged = props.judged.map(({ resource }) => resource);
    const networks = this.networks(props);
    const attached = attachments.length > 0 && { [NETWORKS_ANNOTATION]: literalText(networks) };
    const rights = leastRights(namespace.cluster);
    this.resource = new PodV1(this, "Resource", {
      provider,
      metadata: {
        ...named("verdict"),
        annotations: { ...rights.annotations, ...attached },
      },
      spec: this.spec(props, networks, rights),
      targetState: ["Running", "Succeeded"],
      timeouts: { create: `${props.deadlineSeconds + 120}s` },
      // Judged anew when what it judged was made anew. Multus adds an annotation: see VerificationPod.
      lifecycle: {
        ignoreChanges: ["metadata[0].annotations", ...rights.ignoreChanges],
        replaceTriggeredBy: judged.map(plainReference),
      },
      dependsOn: [
        ...judged,
        ...(props.services ?? []),
        this.report,
        ...this.account(named("verdict"), props),
        ...props.files.ready,
        ...attachments.flatMap(({ network }) => network.ready),
      ],
    });
  }

  /** The pod's annotation; the attachments are checked first. */
  private networks({ attachments = [], node }: VerdictPodProps): string {
    const faults = new Faults(this);
    checkAttachments(faults, attachments, node);
    faults.throwIfAny();
    return networksAnnotation(attachments, node);
  }

  private spec(props: VerdictPodProps, networks: string, rights: PodRights): PodV1Spec {
    const { checkName, image, files, attachments = [] } = props;
    const env = attachments.length === 0 ? undefined : { POD_NETWORKS: networks };
    const fields = { POD_NAME: "metadata.name", POD_UID: "metadata.uid" };
    const { id: revision } = judgedRevision(this, "Revision", {
      cluster: props.namespace.cluster,
      resource: () => this.resource,
      attachments,
    });
    const verdict = restrictedContainer({ image, command: files.command(VERDICT_CONFIG), env, fields, revision });
    return {
      restartPolicy: "Never",
      ...placement(props.namespace.cluster, props.node, props.tolerations),
      serviceAccountName: `${checkName}-verdict`,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: rights.securityContext,
      initContainer: [{ ...verdict, volumeMount: [filesMount, ...(files.secretName === undefined ? [] : [keyMount])] }],
      // Nothing is left to do; a pod must have a container.
      container: [{ ...restrictedContainer({ image, command: ["node", "--version"] }), name: "done" }],
      volume: [
        filesVolume(files.configMapName),
        ...(files.secretName === undefined ? [] : [keyVolume(files.secretName)]),
      ],
    };
  }

  /** The verdict may read the judged pods and their logs, write its report and warn; nothing else. */
  private account(named: ReturnType<typeof metadata>, props: VerdictPodProps): ITerraformDependable[] {
    const provider = providersOf(this, props.namespace.cluster).kubernetes;
    const common = { provider, metadata: named, dependsOn: props.namespace.ready };
    const account = new ServiceAccountV1(this, "Account", { ...common, automountServiceAccountToken: false });
    const services = (props.services ?? []).flatMap(({ metadata: { nameInput } }) => nameInput ?? []);
    const { namespace, checkName } = props;
    const own = (each: JudgedWorkload): INamespace => each.namespace ?? namespace;
    const podsIn = (where: INamespace) =>
      props.judged.filter((each) => own(each) === where).flatMap(({ podName }) => podName ?? []);
    const pods = podsIn(namespace);
    const role = new RoleV1(this, "Role", {
      ...common,
      rule: [
        { apiGroups: [""], resources: ["pods", "pods/log"], resourceNames: pods, verbs: ["get"] },
        { apiGroups: [""], resources: ["configmaps"], resourceNames: [reportName(checkName)], verbs: ["patch"] },
        { apiGroups: [""], resources: ["events"], verbs: ["create"] },
        ...(services.length === 0
          ? []
          : [{ apiGroups: [""], resources: ["services"], resourceNames: services, verbs: ["get"] }]),
        // For its own namespace a Role is asked too.
        ...(props.changesNamespace
          ? [{ apiGroups: [""], resources: ["namespaces"], resourceNames: [namespace.namespaceName], verbs: ["patch"] }]
          : []),
      ],
    });
    const subject = [{ kind: "ServiceAccount", name: named.name, namespace: named.namespace }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: named.name };
    const binding = new RoleBindingV1(this, "RoleBinding", { ...common, roleRef, subject, dependsOn: [account, role] });
    const others = [...new Set(props.judged.map(own))].filter((each) => each !== namespace);
    return [account, role, binding, ...others.flatMap((other) => this.readingIn(other, podsIn(other), named, account))];
  }

  /** The same right to read, in another namespace. */
  private readingIn(
    namespace: INamespace,
    pods: string[],
    named: ReturnType<typeof metadata>,
    account: ServiceAccountV1,
  ): ITerraformDependable[] {
    const { namespaceName, cluster, ready } = namespace;
    const { kubernetes: provider } = providersOf(this, cluster);
    const common = { provider, metadata: { ...named, namespace: namespaceName } };
    const rule = [{ apiGroups: [""], resources: ["pods", "pods/log"], resourceNames: pods, verbs: ["get"] }];
    const role = new RoleV1(this, `Role-${namespaceName}`, { ...common, rule, dependsOn: ready });
    const binding = new RoleBindingV1(this, `RoleBinding-${namespaceName}`, {
      ...common,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: named.name },
      subject: [{ kind: "ServiceAccount", name: named.name, namespace: named.namespace }],
      dependsOn: [account, role],
    });
    return [role, binding];
  }
}

/** cdktf 0.21 renders a resource here as `"${type.name}"`, which Terraform's `replace_triggered_by` refuses. */
function plainReference({ terraformResourceType, friendlyUniqueId }: JudgedWorkload["resource"]): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
