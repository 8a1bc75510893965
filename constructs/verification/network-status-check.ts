import type { StatusAskConfig } from "../../probe/config";
import { checkTolerations, type Toleration } from "../cluster/toleration";
import type { INamespace } from "../namespace/namespace";
import { interfaceNames } from "../network/attachment";
import type { ConfigMapV1, PodV1 } from "../private/kubernetes";
import { nameFromPath } from "../private/names";
import { imageReference } from "../private/rules";
import { Construct } from "../private/terraform";
import { Faults } from "../private/validate";
import { checkNameRules, MAX_CHECK_NAME } from "./multicast-check-rules";
import { ProbeFiles } from "./probe-files";
import { DEFAULT_PROBE_IMAGE } from "./probe-image";
import { reportName, VERDICT_CONFIG, VerdictPod } from "./verdict-pod";
import type { VerificationPod } from "./verification-pod";
import { checkShape } from "../private/shape";

/** Props of {@link NetworkStatusCheck}. */
export interface NetworkStatusCheckProps {
  /** Namespace of the pods. */
  readonly namespace: INamespace;
  /** Pods of that namespace, each with at least one attachment. */
  readonly pods: readonly VerificationPod[];
  /**
   * Name of the check, a DNS-1123 label of 40 characters at most.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly checkName?: string;
  /**
   * Taints that the verdict tolerates, beside those that are known of the nodes ({@link ClusterNode.taints}, {@link SshHostOptions.nodeTaints}) and
   * on servers the usual ones.
   *
   * @default none
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * Image of the verdict, with Node.js 18 or later, by digest or by a tag other than `latest`.
   *
   * @default Node.js 22 of the official image, by digest
   */
  readonly image?: string;
}

/** Seconds that one look at each pod may take. */
const DEADLINE_SECONDS = 30;

/**
 * Proof that Multus did what pods asked for, as part of the apply: the annotation `k8s.v1.cni.cncf.io/network-status` of
 * each pod names every interface, with its network, its IP (the one asked for, where one was) and a MAC of its own.
 *
 * @see https://github.com/k8snetworkplumbingwg/multi-net-spec
 */
export class NetworkStatusCheck extends Construct {
  /** Name of the check. */
  public readonly checkName: string;
  /** The ConfigMap that the verdict writes its report into: `report.json`, and `summary` in one line. */
  public readonly report: ConfigMapV1;
  /** The pod whose end decides the apply. */
  public readonly resource: PodV1;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: NetworkStatusCheckProps) {
    super(scope, id);
    checkShape(this, "NetworkStatusCheckProps", props);
    const { namespace, pods, image = DEFAULT_PROBE_IMAGE } = props;
    this.checkName = props.checkName ?? nameFromPath(this, MAX_CHECK_NAME);
    this.checkProps(props);
    const node = namespace.cluster.nodes[0]?.name;
    const configs = { [VERDICT_CONFIG]: statusConfig(this.checkName, props, node) };
    const verdict = new VerdictPod(this, "Verdict", {
      namespace,
      checkName: this.checkName,
      image,
      files: new ProbeFiles(this, "Probe", { namespace, checkName: this.checkName, configs }),
      judged: pods,
      deadlineSeconds: DEADLINE_SECONDS,
      node,
      tolerations: props.tolerations,
    });
    this.report = verdict.report;
    this.resource = verdict.resource;
  }

  private checkProps({ namespace, pods, image, tolerations }: NetworkStatusCheckProps): void {
    const faults = new Faults(this)
      .check("checkName", this.checkName, ...checkNameRules)
      .check("image", image, imageReference);
    checkTolerations(faults, tolerations);
    if (pods.length === 0) faults.add("pods", [], { must: "name at least one pod", use: "[pod]" });
    pods.forEach((pod, index) => {
      const { podName, attachments } = pod;
      if (attachments.length === 0)
        faults.add(`pods[${index}]`, podName, { must: "be attached to a network", use: "attachments of the pod" });
      if (pod.namespace.namespaceName !== namespace.namespaceName)
        faults.add(`pods[${index}]`, podName, { must: `be in ${namespace.namespaceName}`, use: "its own namespace" });
    });
    faults.throwIfAny();
  }
}

function statusConfig(
  checkName: string,
  { namespace, pods, image = DEFAULT_PROBE_IMAGE }: NetworkStatusCheckProps,
  node: string | undefined,
): StatusAskConfig {
  return {
    mode: "status-ask",
    report: { check: checkName, namespace: namespace.namespaceName, configMap: reportName(checkName), image },
    sender: { name: "reader", pod: `${checkName}-verdict`, node },
    pods: pods.map(({ podName, attachments, boundTo }) => {
      const names = interfaceNames(attachments);
      const interfaces = attachments.map(({ network, props }, index) => ({
        name: names[index] ?? "",
        network: `${network.namespace.namespaceName}/${network.nameOn(boundTo) ?? network.networkName}`,
        ips: (props.ips ?? []).map((ip) => ip.split("/")[0] ?? ip),
        mac: props.mac,
      }));
      return { name: podName, pod: podName, node: boundTo, interfaces };
    }),
  };
}
