import { nameFromPath } from "../private/names";
import { Construct, SynthMessages, type ITerraformDependable } from "../private/terraform";
import { Faults } from "../private/validate";
import type { ConfigMapV1, PodV1 } from "../private/kubernetes";
import { CheckPlan, type Participant } from "./check-plan";
import { attachmentsTo } from "./checked-network";
import { DeploymentIdentity } from "./deployment-identity";
import { ExternalProbe } from "./external-probe";
import type { MulticastCheckProps } from "./multicast-check-props";
import { checkNameRules, checkProps, MAX_CHECK_NAME, senderNode } from "./multicast-check-rules";
import { checkLabels } from "./pod-spec";
import { ProbeFiles } from "./probe-files";
import { DEFAULT_PROBE_IMAGE } from "./probe-image";
import { expectationOf, receiversOnEveryNode, usualReceivers, type MulticastReceiver } from "./receivers";
import { VERDICT_CONFIG, VerdictPod } from "./verdict-pod";
import { VerificationPod } from "./verification-pod";
import type { ProbeConfig } from "../../probe/config";
import type { INamespace } from "../namespace/namespace";
import { checkShape } from "../private/shape";

/**
 * Proof that a network carries multicast, as part of the apply: a sender and receivers that run as long as the lab, and a
 * verdict that the apply waits for. It fails when a datagram that must arrive does not, or one that must not arrive does,
 * and the error names the receiver and the cause. All receivers also join a control group, so that "nothing came" is
 * told apart from "nothing was sent".
 */
export class MulticastCheck extends Construct {
  /** Name of the check. */
  public readonly checkName: string;
  /** The sender's pod; undefined where the sender is outside the cluster. */
  public readonly sender?: VerificationPod;
  /** The receivers' pods, in the order of the props; those outside the cluster have none. */
  public readonly receivers: readonly VerificationPod[];
  /** The ConfigMap that the verdict writes its report into: `report.json`, and `summary` in one line. */
  public readonly report: ConfigMapV1;
  /** The pod whose end decides the apply. */
  public readonly resource: PodV1;

  private readonly files = new Map<INamespace, ProbeFiles>();
  private readonly identity: DeploymentIdentity;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: MulticastCheckProps,
  ) {
    super(scope, id);
    checkShape(this, "MulticastCheckProps", props);
    const listening = receiversOf(props);
    this.checkName = props.checkName ?? nameFromPath(this, MAX_CHECK_NAME);
    const faults = new Faults(this).check("checkName", this.checkName, ...checkNameRules);
    checkProps(faults, props, listening);
    faults.throwIfAny();

    this.warnOfFloodedGroup(listening);
    const plan = new CheckPlan(this.checkName, props, listening);
    const told: [Participant, ProbeConfig][] = [
      [plan.sender, plan.sending()],
      ...plan.receivers.map((each): [Participant, ProbeConfig] => [each, plan.receiving(each)]),
    ];
    this.identity = new DeploymentIdentity(this, "Identity");
    this.writeFiles(plan, told);
    this.sender = plan.sender.external ? undefined : this.pod("Sender", plan.sender);
    this.receivers = plan.receivers
      .filter(({ external }) => external === undefined)
      .map((each) => this.pod(`Receiver-${each.name}`, each));
    const verdict = this.verdict(plan);
    this.report = verdict.report;
    this.resource = verdict.resource;
  }

  /** Silence there is the work of the receivers' kernels: a network that keeps nothing away would pass. */
  private warnOfFloodedGroup(receivers: readonly MulticastReceiver[]): void {
    const { group } = this.props;
    const silent = receivers.filter((receiver) => expectationOf(receiver, group) === "silent").map(({ name }) => name);
    if (!group.isFlooded || silent.length === 0) return;
    SynthMessages.of(this).addWarning(
      `[${this.node.path}] group.address ${group.address} has the Ethernet address of a group that switches flood to every port ` +
        `(RFC 1112, 6.4): that ${silent.join(", ")} must be silent says nothing of the network; use a group like 239.1.1.1`,
    );
  }

  /** Pods read their files from their own namespace. */
  private writeFiles(plan: CheckPlan, told: readonly [Participant, ProbeConfig][]): void {
    const own = this.props.network.namespace;
    const inPods = told.filter(([{ external }]) => external === undefined);
    for (const namespace of new Set([own, ...inPods.map(([pod]) => pod.namespace)])) {
      const here = inPods.filter(([pod]) => pod.namespace === namespace);
      const configs = Object.fromEntries(here.map(([{ name }, config]) => [name, config]));
      if (namespace === own) configs[VERDICT_CONFIG] = plan.judging();
      const id = namespace === own ? "Probe" : `Probe-${namespace.namespaceName}`;
      const { checkName, identity } = this;
      this.files.set(namespace, new ProbeFiles(this, id, { namespace, checkName, configs, identity }));
    }
  }

  private filesIn(namespace: INamespace): ProbeFiles {
    const files = this.files.get(namespace);
    if (!files) throw new Error(`no files were written for namespace ${namespace.namespaceName}`);
    return files;
  }

  private pod(id: string, { name, podName, namespace, node, attachments, hostNetwork }: Participant): VerificationPod {
    const files = this.filesIn(namespace);
    return new VerificationPod(this, id, {
      namespace,
      podName,
      node,
      image: this.props.image,
      tolerations: this.props.tolerations,
      command: files.command(name),
      configMapName: files.configMapName,
      keySecret: files.secretName,
      attachments,
      hostNetwork,
      labels: checkLabels(this.checkName, name === "sender" ? "sender" : "receiver"),
      dependsOn: [...files.ready, ...this.policies()],
    });
  }

  private policies(): ITerraformDependable[] {
    const { denyAll } = this.props;
    return denyAll ? [denyAll.resource, ...denyAll.exceptions] : [];
  }

  private verdict(plan: CheckPlan): VerdictPod {
    const { network, image = DEFAULT_PROBE_IMAGE } = this.props;
    const external = this.externalProbes(plan);
    return new VerdictPod(this, "Verdict", {
      namespace: network.namespace,
      checkName: this.checkName,
      image,
      files: this.filesIn(network.namespace),
      judged: [...(this.sender ? [this.sender] : []), ...this.receivers, ...external.map(({ step }) => step)],
      deadlineSeconds: plan.verdictSeconds,
      changesNamespace: this.props.switching,
      tolerations: this.props.tolerations,
      ...(external.length > 0 && {
        attachments: attachmentsTo(network),
        node: senderNode(this.props),
      }),
    });
  }

  private externalProbes(plan: CheckPlan): ExternalProbe[] {
    const probe = ({ name, podName, external }: Participant, config: () => ProbeConfigOutside): ExternalProbe[] =>
      external
        ? [
            new ExternalProbe(this, `External-${name}`, {
              endpoint: external.endpoint,
              probeName: podName,
              config: config(),
              identity: this.identity,
            }),
          ]
        : [];
    return [
      ...probe(plan.sender, () => plan.sending()),
      ...plan.receivers.flatMap((each) => probe(each, () => plan.receiving(each))),
    ];
  }
}

type ProbeConfigOutside = ReturnType<CheckPlan["sending"] | CheckPlan["receiving"]>;

function receiversOf({ receivers, network, group }: MulticastCheckProps): readonly MulticastReceiver[] {
  const nodes = network.namespace.cluster.nodes.map(({ name }) => name);
  if (receivers === undefined) return usualReceivers(nodes, group);
  return typeof receivers === "string" ? receiversOnEveryNode(nodes, group) : receivers;
}
