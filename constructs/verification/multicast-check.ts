import type { ReceiveConfig, SendConfig, VerdictConfig } from "../../probe/config";
import { nameFromPath } from "../private/names";
import { Construct } from "../private/terraform";
import { Faults } from "../private/validate";
import type { ConfigMapV1, PodV1 } from "../private/kubernetes";
import { attachmentsTo, interfaceTo, networkUnderTest, type CheckedNetwork } from "./checked-network";
import { checkNameRules, checkProps, MAX_CHECK_NAME, senderNode } from "./multicast-check-rules";
import type { MulticastGroup } from "./multicast-group";
import { checkLabels } from "./pod-spec";
import { ProbeFiles } from "./probe-files";
import { DEFAULT_PROBE_IMAGE } from "./probe-image";
import { expectationOf, joinedGroups, receiversOnEveryNode, usualReceivers, type MulticastReceiver } from "./receivers";
import { reportName, VERDICT_CONFIG, VerdictPod } from "./verdict-pod";
import { VerificationPod } from "./verification-pod";

/** Who sends in a {@link MulticastCheck}. */
export interface MulticastSender {
  /**
   * Name of the node it runs on.
   *
   * @default the cluster's first node
   */
  readonly node?: string;
  /**
   * Whether datagrams leave by the attached interface whatever the pod's routing table says. An application that does not
   * choose its interface, as most do not, is only stood for by `false`.
   *
   * @default false
   */
  readonly bindToInterface?: boolean;
}

/** Props of {@link MulticastCheck}. */
export interface MulticastCheckProps {
  /** The network that must carry multicast; the pods are put into its namespace. */
  readonly network: CheckedNetwork;
  /** Group, port and TTL. */
  readonly group: MulticastGroup;
  /**
   * Name of the check, a DNS-1123 label of 40 characters at most; the names of all its objects begin with it.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly checkName?: string;
  /**
   * Who sends.
   *
   * @default a pod on the cluster's first node, by the routing table
   */
  readonly sender?: MulticastSender;
  /**
   * Who listens: a list, or `everyNode` for a joined receiver on each node and, on the last, one that did not join and one
   * that joined another group.
   *
   * @default a joined receiver on the first node, one on the second, and there also one that did not join and one that joined another group
   */
  readonly receivers?: "everyNode" | readonly MulticastReceiver[];
  /**
   * Image of all pods, with Node.js 18 or later, by digest or by a tag other than `latest`.
   *
   * @default Node.js 22 of the official image, by digest
   */
  readonly image?: string;
  /**
   * Seconds of traffic that are judged, from 1 to 3600.
   *
   * @default 10
   */
  readonly windowSeconds?: number;
  /**
   * Seconds after which the verdict falls in any case, at least 10 more than the window.
   *
   * @default 20 more than the window
   */
  readonly deadlineSeconds?: number;
  /**
   * Datagrams in a second, of the group and of the control group each; from 1 to 1000.
   *
   * @default 20
   */
  readonly ratePerSecond?: number;
  /**
   * Loss that a receiver which must hear may have, in percent.
   *
   * @default 1
   */
  readonly maxLossPercent?: number;
}

/**
 * Proof that a network carries multicast, as part of the apply: a sender and receivers that run as long as the lab, and a
 * verdict that the apply waits for. It fails when a datagram that must arrive does not, or one that must not arrive does,
 * and the error names the receiver and the cause. All receivers also join a control group, so that "nothing came" is
 * told apart from "nothing was sent".
 */
export class MulticastCheck extends Construct {
  /** Name of the check. */
  public readonly checkName: string;
  /** The sender. */
  public readonly sender: VerificationPod;
  /** The receivers, in the order of the props. */
  public readonly receivers: readonly VerificationPod[];
  /** The ConfigMap that the verdict writes its report into: `report.json`, and `summary` in one line. */
  public readonly report: ConfigMapV1;
  /** The pod whose end decides the apply. */
  public readonly resource: PodV1;

  private readonly files: ProbeFiles;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: MulticastCheckProps,
  ) {
    super(scope, id);
    const { network, image = DEFAULT_PROBE_IMAGE } = props;
    const listening = receiversOf(props);
    this.checkName = props.checkName ?? nameFromPath(this, MAX_CHECK_NAME);
    const faults = new Faults(this).check("checkName", this.checkName, ...checkNameRules);
    checkProps(faults, props, listening);
    faults.throwIfAny();

    const configs = new CheckConfigs(this.checkName, props, listening);
    this.files = new ProbeFiles(this, "Probe", {
      namespace: network.namespace,
      checkName: this.checkName,
      configs: configs.all(),
    });
    this.sender = this.pod("Sender", "sender", configs.senderNode);
    this.receivers = listening.map(({ name, node }) => this.pod(`Receiver-${name}`, name, node));
    const verdict = new VerdictPod(this, "Verdict", {
      namespace: network.namespace,
      checkName: this.checkName,
      image,
      files: this.files,
      judged: [this.sender, ...this.receivers],
      deadlineSeconds: configs.deadlineSeconds,
    });
    this.report = verdict.report;
    this.resource = verdict.resource;
  }

  private pod(id: string, name: string, node: string | undefined): VerificationPod {
    const { network, image } = this.props;
    return new VerificationPod(this, id, {
      namespace: network.namespace,
      podName: `${this.checkName}-${name}`,
      node,
      image,
      command: this.files.command(name),
      configMapName: this.files.configMapName,
      attachments: attachmentsTo(network),
      labels: checkLabels(this.checkName, name === "sender" ? "sender" : "receiver"),
      dependsOn: [this.files.resource],
    });
  }
}

function receiversOf({ receivers, network, group }: MulticastCheckProps): readonly MulticastReceiver[] {
  const nodes = network.namespace.cluster.nodes.map(({ name }) => name);
  if (receivers === undefined) return usualReceivers(nodes, group);
  return receivers === "everyNode" ? receiversOnEveryNode(nodes, group) : receivers;
}

/** What the check tells its probes. */
class CheckConfigs {
  public readonly senderNode: string | undefined;
  public readonly deadlineSeconds: number;
  private readonly windowSeconds: number;
  private readonly common: Pick<SendConfig, "check" | "destinations" | "interface">;

  public constructor(
    private readonly checkName: string,
    private readonly props: MulticastCheckProps,
    private readonly receivers: readonly MulticastReceiver[],
  ) {
    const { network, group } = props;
    this.senderNode = senderNode(props);
    this.windowSeconds = props.windowSeconds ?? 10;
    this.deadlineSeconds = props.deadlineSeconds ?? this.windowSeconds + 20;
    this.common = {
      check: `${network.namespace.namespaceName}/${checkName}`,
      destinations: {
        test: { group: group.address, port: group.port },
        control: { group: group.control().address, port: group.port },
      },
      interface: interfaceTo(network),
    };
  }

  public all(): Record<string, SendConfig | ReceiveConfig | VerdictConfig> {
    const { group, ratePerSecond = 20, sender } = this.props;
    const receiving = this.receivers.map((receiver): [string, ReceiveConfig] => [
      receiver.name,
      { mode: "receive", ...this.common, joins: joinedGroups(receiver, group) },
    ]);
    return {
      sender: {
        mode: "send",
        ...this.common,
        ttl: group.ttl,
        ratePerSecond,
        bindToInterface: sender?.bindToInterface ?? false,
      },
      ...Object.fromEntries(receiving),
      [VERDICT_CONFIG]: this.verdict(),
    };
  }

  private verdict(): VerdictConfig {
    const { network, group, image = DEFAULT_PROBE_IMAGE, maxLossPercent = 1 } = this.props;
    const { destinations, interface: interfaceName } = this.common;
    return {
      mode: "verdict",
      report: {
        check: this.checkName,
        namespace: network.namespace.namespaceName,
        configMap: reportName(this.checkName),
        image,
      },
      network: networkUnderTest(network),
      destinations,
      ttl: group.ttl,
      interface: interfaceName,
      sender: { name: "sender", pod: `${this.checkName}-sender`, node: this.senderNode },
      receivers: this.receivers.map((receiver) => ({
        name: receiver.name,
        pod: `${this.checkName}-${receiver.name}`,
        node: receiver.node,
        expect: expectationOf(receiver, group),
        joins: joinedGroups(receiver, group),
      })),
      windowSeconds: this.windowSeconds,
      deadlineSeconds: this.deadlineSeconds,
      maxLossPercent,
    };
  }
}
