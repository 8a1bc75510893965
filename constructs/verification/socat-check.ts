import { checkTolerations, type Toleration } from "../cluster/toleration";
import type { ConfigMapV1, PodV1 } from "../private/kubernetes";
import { nameFromPath } from "../private/names";
import { imageReference, wholeNumber } from "../private/rules";
import { Construct } from "../private/terraform";
import { Faults } from "../private/validate";
import { attachmentsTo, interfaceTo, networkUnderTest, type CheckedNetwork } from "./checked-network";
import type { Attachment } from "../network/attachment";
import { checkPath } from "./checked-network-rules";
import { DeploymentIdentity } from "./deployment-identity";
import { checkNameRules, MAX_CHECK_NAME } from "./multicast-check-rules";
import { MulticastGroup } from "./multicast-group";
import { checkLabels } from "./pod-spec";
import { ProbeFiles } from "./probe-files";
import { reportName, VERDICT_CONFIG, VerdictPod } from "./verdict-pod";
import { checkNode } from "../namespace/node-rule";
import { VerificationPod } from "./verification-pod";
import { checkShape } from "../private/shape";

/** Props of {@link SocatCheck}. */
export interface SocatCheckProps {
  /** The network that must carry multicast; the pods are put into its namespace. Its IPv4 subnet must be known at synth. */
  readonly network: CheckedNetwork;
  /**
   * Taints that the check's pods tolerate, beside those that are known of the nodes ({@link ClusterNode.taints}, {@link SshHostOptions.nodeTaints}) and
   * on servers the usual ones.
   *
   * @default none
   */
  readonly tolerations?: readonly Toleration[];
  /** Image of both pods, with Node.js 18 or later and socat, by digest or by a tag other than `latest`. */
  readonly image: string;
  /**
   * Group, port and TTL.
   *
   * @default 224.1.0.1, port 30102, TTL 64, as OpenShift's documentation has it
   */
  readonly group?: MulticastGroup;
  /**
   * Name of the check, a DNS-1123 label of 40 characters at most; the names of all its objects begin with it.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly checkName?: string;
  /**
   * Name of the node that the sender runs on.
   *
   * @default the cluster's first node
   */
  readonly senderNode?: string;
  /**
   * Name of the node that the listener runs on.
   *
   * @default the cluster's second node, or its only one
   */
  readonly listenerNode?: string;
  /**
   * Seconds after which the question is asked no more, from 5 to 600.
   *
   * @default 30
   */
  readonly deadlineSeconds?: number;
}

/** Host name of the listener, the answer that must come back. Digits follow it that only this deployment has. */
const LISTENER = "mlistener";

/**
 * The check that OpenShift's documentation does by hand, as part of the apply and on any network: a listener answers
 * each datagram to the group with its host name, and the sender must get `mlistener` back, with digits behind it that tell this deployment's listener from every other.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/ovn-kubernetes_network_plugin/enabling-multicast
 */
export class SocatCheck extends Construct {
  /** Name of the check. */
  public readonly checkName: string;
  /** The listener. */
  public readonly listener: VerificationPod;
  /** The ConfigMap that the verdict writes its report into: `report.json`, and `summary` in one line. */
  public readonly report: ConfigMapV1;
  /** The pod that sends, and whose end decides the apply. */
  public readonly resource: PodV1;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: SocatCheckProps) {
    super(scope, id);
    checkShape(this, "SocatCheckProps", props);
    const { network, image } = props;
    this.checkName = props.checkName ?? nameFromPath(this, MAX_CHECK_NAME);
    this.checkProps(props);
    const { namespace } = network;
    const attachments = attachmentsTo(network);
    const plan = planOf(this.checkName, props, ipv4Of(attachments));
    const identity = new DeploymentIdentity(this, "Identity");
    const { checkName } = this;
    const files = new ProbeFiles(this, "Probe", { namespace, checkName, configs: plan.configs, identity });
    this.listener = new VerificationPod(this, "Listener", {
      namespace,
      podName: plan.listener.pod,
      node: plan.listener.node,
      tolerations: props.tolerations,
      image,
      command: files.command(LISTENER),
      configMapName: files.configMapName,
      keySecret: files.secretName,
      attachments,
      labels: checkLabels(this.checkName, "receiver"),
      dependsOn: files.ready,
    });
    this.listener.resource.spec.hostname = identity.hostName(LISTENER);
    const verdict = new VerdictPod(this, "Verdict", {
      namespace,
      checkName: this.checkName,
      image,
      files,
      judged: [this.listener],
      deadlineSeconds: plan.deadlineSeconds,
      attachments: attachmentsTo(network),
      node: plan.sender.node,
      tolerations: props.tolerations,
    });
    this.report = verdict.report;
    this.resource = verdict.resource;
  }

  private checkProps(props: SocatCheckProps): void {
    const { network, group = DEFAULT_GROUP } = props;
    const faults = new Faults(this)
      .check("checkName", this.checkName, ...checkNameRules)
      .check("image", props.image, imageReference)
      .check("deadlineSeconds", props.deadlineSeconds, wholeNumber(5, 600));
    checkTolerations(faults, props.tolerations);
    group.validate(faults, "group");
    checkNode(faults, "senderNode", props.senderNode, network.namespace);
    checkNode(faults, "listenerNode", props.listenerNode, network.namespace);
    if (group.address.includes(":"))
      faults.add("group.address", group.address, {
        must: "be IPv4, as in the documents",
        use: "a group of 239.0.0.0/8",
      });
    if (subnetOf(network) === undefined)
      faults.add("network", network.networkName, {
        must: "have an IPv4 subnet known at synth",
        use: "Ipam.hostLocal, or clusterCidrs on the cluster",
      });
    checkPath(faults, { network, group, nodes: nodesOf(props), heard: true });
    faults.throwIfAny();
  }
}

const DEFAULT_GROUP = MulticastGroup.of("224.1.0.1", { port: 30102, ttl: 64 });

function subnetOf(network: CheckedNetwork): string | undefined {
  return network.subnets.find((subnet) => !subnet.includes(":"));
}

/** Nodes of the sender and the listener. */
function nodesOf({ network, senderNode, listenerNode }: SocatCheckProps): [string | undefined, string | undefined] {
  const { nodes } = network.namespace.cluster;
  return [senderNode ?? nodes[0]?.name, listenerNode ?? (nodes[1] ?? nodes[0])?.name];
}

/** Address of the listener on an attached network, where it is fixed at synth. */
function ipv4Of(attachments: readonly Attachment[]): string | undefined {
  return attachments
    .flatMap(({ props }) => props.ips ?? [])
    .find((ip) => !ip.includes(":"))
    ?.split("/")[0];
}

function planOf(checkName: string, props: SocatCheckProps, listenerAddress: string | undefined) {
  const { network, image, group = DEFAULT_GROUP, deadlineSeconds = 30 } = props;
  const [senderNode, listenerNode] = nodesOf(props);
  const sender = { name: "msender", pod: `${checkName}-verdict`, node: senderNode };
  const listener = { name: LISTENER, pod: `${checkName}-${LISTENER}`, node: listenerNode };
  const destination = { group: group.address, port: group.port };
  const interfaceName = interfaceTo(network);
  const report = {
    check: checkName,
    namespace: network.namespace.namespaceName,
    configMap: reportName(checkName),
    image,
  };
  const configs = {
    [LISTENER]: { mode: "socat-listen", destination, interface: interfaceName },
    [VERDICT_CONFIG]: {
      mode: "socat-ask",
      report,
      network: networkUnderTest(network),
      destination,
      interface: interfaceName,
      ttl: group.ttl,
      listenerAddress,
      range: subnetOf(network) ?? "",
      listener,
      sender,
      answer: LISTENER,
      deadlineSeconds,
    },
  } as const;
  return { sender, listener, deadlineSeconds, configs };
}
