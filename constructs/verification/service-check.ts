import type { AnswerConfig, ServiceAskConfig } from "../../probe/config";
import { providersOf } from "../cluster/cluster";
import type { Toleration } from "../cluster/toleration";
import type { INamespace } from "../namespace/namespace";
import { DeploymentV1, ServiceV1, type ConfigMapV1, type PodV1 } from "../private/kubernetes";
import { nameFromPath } from "../private/names";
import { Construct } from "../private/terraform";
import { Faults } from "../private/validate";
import type { MulticastWay } from "../workload/multicast-way";
import { DeploymentIdentity } from "./deployment-identity";
import { judgedRevision } from "./judged-revision";
import { MAX_CHECK_NAME } from "./multicast-check-rules";
import type { MulticastGroup } from "./multicast-group";
import { checkLabels, leastRights, metadata } from "./pod-spec";
import { ProbeFiles } from "./probe-files";
import { DEFAULT_PROBE_IMAGE } from "./probe-image";
import { checkServiceProps } from "./service-check-rules";
import { reportName, VERDICT_CONFIG, VerdictPod } from "./verdict-pod";
import { VerificationPod, verificationPodSpec } from "./verification-pod";
import { checkShape } from "../private/shape";

/** A pod, or a Deployment of one, behind a Service of its own. */
export interface ServiceMember {
  /** Name of the pod or Deployment and of its Service, and its name in the group: a DNS-1123 label of 50 characters at most. */
  readonly name: string;
  /**
   * Name of the node it must run on.
   *
   * @default the scheduler chooses
   */
  readonly node?: string;
  /**
   * What makes the pod.
   *
   * @default "pod"
   */
  readonly workload?: "pod" | "deployment";
  /**
   * Whether it sends to the group; it joins in any case.
   *
   * @default false
   */
  readonly sends?: boolean;
  /**
   * Names of exactly those members that it must hear in the group.
   *
   * @default none: it must hear nobody
   */
  readonly hears?: readonly string[];
  /**
   * How its pod takes part in multicast; what each way gives up is told by {@link MulticastWay}. On one node one member at most can
   * be on the host's network, where all have the same port.
   *
   * @default the cluster's network alone
   */
  readonly way?: MulticastWay;
}

/** Props of {@link ServiceCheck}. */
export interface ServiceCheckProps {
  /** Namespace of the pods and Services. */
  readonly namespace: INamespace;
  /** The pods, each behind a Service. */
  readonly members: readonly ServiceMember[];
  /** IPv4 group that the members join, and to which those that send do. */
  readonly group: MulticastGroup;
  /**
   * TCP port of pods and Services, from 1024 to 65535.
   *
   * @default 8080
   */
  readonly servicePort?: number;
  /**
   * Name of the check, a DNS-1123 label of 40 characters at most.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly checkName?: string;
  /**
   * Taints that the check's pods tolerate, beside those that are known of the nodes ({@link ClusterNode.taints}, {@link SshHostOptions.nodeTaints}) and
   * on servers the usual ones.
   *
   * @default none
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * Image of all pods, with Node.js 18 or later, by digest or by a tag other than `latest`.
   *
   * @default Node.js 22 of the official image, by digest
   */
  readonly image?: string;
  /**
   * Seconds for which all answers must be right without a break, from 1 to 3600.
   *
   * @default 3
   */
  readonly windowSeconds?: number;
  /**
   * Seconds after which the verdict falls in any case, at least 10 more than the window.
   *
   * @default 30 more than the window
   */
  readonly deadlineSeconds?: number;
}

/**
 * Proof that Services work beside multicast, as part of the apply: pods behind Services of the cluster's network that
 * answer with their name and with whom they hear in a group, and a verdict that asks each by its Service. It fails when a
 * Service does not answer, or a pod hears others than it must. The pods join and send along their routing table.
 *
 * Members take part in multicast by their {@link ServiceMember.way}.
 */
export class ServiceCheck extends Construct {
  /** Name of the check. */
  public readonly checkName: string;
  /** The pods and Deployments, in the order of the members. */
  public readonly workloads: readonly (PodV1 | DeploymentV1)[];
  /** The Services, in the order of the members. */
  public readonly services: readonly ServiceV1[];
  /** The ConfigMap that the verdict writes its report into: `report.json`, and `summary` in one line. */
  public readonly report: ConfigMapV1;
  /** The pod whose end decides the apply. */
  public readonly resource: PodV1;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceCheckProps,
  ) {
    super(scope, id);
    checkShape(this, "ServiceCheckProps", props);
    const { namespace, members, image = DEFAULT_PROBE_IMAGE } = props;
    this.checkName = props.checkName ?? nameFromPath(this, MAX_CHECK_NAME);
    const faults = new Faults(this);
    checkServiceProps(faults, this.checkName, props);
    faults.throwIfAny();
    const configs = serviceConfigs(this.checkName, props);
    const identity = new DeploymentIdentity(this, "Identity");
    const files = new ProbeFiles(this, "Probe", { namespace, checkName: this.checkName, configs, identity });
    this.workloads = members.map((member) => {
      const workload = this.makeWorkload(member, files);
      return member.way?.applyTo(workload) ?? workload;
    });
    this.services = members.map((member) => this.makeService(member));
    const verdict = new VerdictPod(this, "Verdict", {
      namespace,
      checkName: this.checkName,
      image,
      files,
      judged: this.workloads.map((resource, index) => ({ resource, podName: podNameOf(members[index]) })),
      services: this.services,
      deadlineSeconds: deadlineOf(props),
      node: namespace.cluster.nodes[0]?.name,
      tolerations: props.tolerations,
    });
    this.report = verdict.report;
    this.resource = verdict.resource;
  }

  private makeWorkload({ name, node, workload }: ServiceMember, files: ProbeFiles): PodV1 | DeploymentV1 {
    const { namespace, image, tolerations } = this.props;
    const { configMapName, secretName: keySecret } = files;
    const pod = { node, tolerations, image, command: files.command(name), configMapName, keySecret };
    const labels = { ...checkLabels(this.checkName, "member"), [MEMBER_LABEL]: name };
    const dependsOn = files.ready;
    if (workload !== "deployment")
      return new VerificationPod(this, `Pod-${name}`, { ...pod, namespace, podName: name, labels, dependsOn }).resource;
    const rights = leastRights(namespace.cluster);
    const revision = judgedRevision(this, `Revision-${name}`, {
      cluster: namespace.cluster,
      resource: () => deployment,
    });
    const deployment: DeploymentV1 = new DeploymentV1(this, `Deployment-${name}`, {
      provider: providersOf(this, namespace.cluster).kubernetes,
      metadata: metadata(namespace, name, labels),
      spec: {
        replicas: "1",
        // A new pod may have the old one's address.
        strategy: { type: "Recreate" },
        selector: { matchLabels: { [MEMBER_LABEL]: name } },
        template: {
          metadata: { labels, annotations: rights.annotations },
          spec: verificationPodSpec({ ...pod, fields: OWN_NODE, revision: revision.id }, namespace.cluster, rights),
        },
      },
      dependsOn: [...namespace.ready, ...dependsOn],
    });
    return deployment;
  }

  private makeService({ name }: ServiceMember): ServiceV1 {
    const { namespace, servicePort = DEFAULT_PORT } = this.props;
    return new ServiceV1(this, `Service-${name}`, {
      provider: providersOf(this, namespace.cluster).kubernetes,
      metadata: metadata(namespace, name, checkLabels(this.checkName, "service")),
      spec: {
        selector: { [MEMBER_LABEL]: name },
        port: [{ name: "tcp", port: servicePort, targetPort: String(servicePort) }],
      },
      dependsOn: namespace.ready,
    });
  }
}

const MEMBER_LABEL = "multicast-lab/member";
const DEFAULT_PORT = 8080;
/** The verdict may not list pods, so one with a name that only the cluster knows tells itself where it is. */
const OWN_NODE = { NODE_NAME: "spec.nodeName" };
const DEFAULT_WINDOW_SECONDS = 3;

/** A Deployment's pod has a name that only the cluster knows. */
function podNameOf(member: ServiceMember | undefined): string | undefined {
  return member?.workload === "deployment" ? undefined : member?.name;
}

function deadlineOf({ deadlineSeconds, windowSeconds = DEFAULT_WINDOW_SECONDS }: ServiceCheckProps): number {
  return deadlineSeconds ?? windowSeconds + 30;
}

/** What the check tells its pods. */
function serviceConfigs(checkName: string, props: ServiceCheckProps): Record<string, AnswerConfig | ServiceAskConfig> {
  const { namespace, members, group, servicePort: port = DEFAULT_PORT, image = DEFAULT_PROBE_IMAGE } = props;
  const destination = { group: group.address, port: group.port };
  const answers = members.map(({ name, sends = false }): [string, AnswerConfig] => [
    name,
    { mode: "answer", name, port, destination, ttl: group.ttl, sends },
  ]);
  const ask: ServiceAskConfig = {
    mode: "service-ask",
    report: {
      check: checkName,
      namespace: namespace.namespaceName,
      configMap: reportName(checkName),
      image,
    },
    network: { kind: "cluster", name: "Services" },
    destination,
    ttl: group.ttl,
    interface: "eth0",
    sender: { name: "asker", pod: `${checkName}-verdict`, node: namespace.cluster.nodes[0]?.name },
    services: members.map((member) => {
      const { name, node, hears = [] } = member;
      return { name, pod: name, isPod: podNameOf(member) !== undefined, service: name, node, hears };
    }),
    port,
    windowSeconds: props.windowSeconds ?? DEFAULT_WINDOW_SECONDS,
    deadlineSeconds: deadlineOf(props),
  };
  return { ...Object.fromEntries(answers), [VERDICT_CONFIG]: ask };
}
