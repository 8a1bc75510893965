import type {
  CheckedPod,
  CheckedReceiver,
  Destinations,
  ReceiveConfig,
  SendConfig,
  VerdictConfig,
} from "../../probe/config";
import { attachmentsTo, DefaultNetwork, interfaceTo, networkUnderTest } from "./checked-network";
import type { ExternalEndpoint } from "./external-endpoint";
import { senderNode } from "./multicast-check-rules";
import type { MulticastCheckProps } from "./multicast-check-props";
import { DEFAULT_PROBE_IMAGE } from "./probe-image";
import { expectationOf, joinedGroups, type MulticastReceiver } from "./receivers";
import { reportName } from "./verdict-pod";
import type { INamespace } from "../namespace/namespace";
import { ovnMulticast } from "../namespace/namespace-metadata";
import type { Attachment } from "../network/attachment";
import { parseSubnet } from "../private/ip-range";

/** OVN asks for members every 150 s at the latest, half of its idle timeout (https://man7.org/linux/man-pages/man5/ovn-nb.5.html, mcast_query_interval). */
const SWITCH_SECONDS = 200;
/** Datagrams of each stream in one second. */
const DEFAULT_RATE = 20;
/** Before, on, off, and on again. */
const SWITCHINGS = 4;

/** One end of a check: a pod, or a probe outside the cluster. */
export interface Participant {
  /** Name in the report, and of its configuration. */
  readonly name: string;
  /** Name of the Pod object, or of the probe on its machine. */
  readonly podName: string;
  /** Namespace of the pod. */
  readonly namespace: INamespace;
  /** Node that the pod is bound to. */
  readonly node?: string;
  /** Whether the pod is on its node's own network. */
  readonly hostNetwork: boolean;
  /** What the pod is attached to. */
  readonly attachments: readonly Attachment[];
  /** Name there of the interface to the network. */
  readonly interface: string;
  /** Address on the network that unicast goes to, where it is known at synth. */
  readonly address?: string;
  /** The machine where it is outside the cluster, and where its probe hands out what it hears. */
  readonly external?: { readonly endpoint: ExternalEndpoint; readonly address: string; readonly port: number };
}

/** A receiver, and what is asked of it. */
export interface PlannedReceiver extends Participant {
  /** What the user asked for. */
  readonly asked: MulticastReceiver;
}

type Asked = Pick<MulticastReceiver, "name" | "node" | "external" | "namespace" | "hostInterface">;

/** Who takes part in a check, where, and what each is told. */
export class CheckPlan {
  public readonly sender: Participant;
  public readonly receivers: readonly PlannedReceiver[];
  /** Seconds that one look at the stream may take. */
  public readonly deadlineSeconds: number;
  private readonly windowSeconds: number;
  private readonly destinations: Destinations;

  public constructor(
    private readonly checkName: string,
    private readonly props: MulticastCheckProps,
    receivers: readonly MulticastReceiver[],
  ) {
    const { group, sender } = props;
    this.windowSeconds = props.windowSeconds ?? 10;
    this.deadlineSeconds = props.deadlineSeconds ?? this.windowSeconds + 20;
    this.destinations = {
      test: { group: group.address, port: group.port },
      control: { group: group.control().address, port: group.port },
    };
    this.sender = this.participant({ name: "sender", node: senderNode(props), external: sender?.external });
    this.receivers = receivers.map((asked) => ({ ...this.participant(asked), asked }));
  }

  /** Seconds that the verdict may take. */
  public get verdictSeconds(): number {
    return this.props.switching ? SWITCHINGS * (SWITCH_SECONDS + this.deadlineSeconds) : this.deadlineSeconds;
  }

  /** Whether anybody is outside the cluster: the verdict then needs a way to it. */
  public get hasExternals(): boolean {
    return [this.sender, ...this.receivers].some(({ external }) => external !== undefined);
  }

  /** What the sender is told. */
  public sending(): SendConfig {
    const { group, ratePerSecond = DEFAULT_RATE, sender } = this.props;
    const { external } = this.sender;
    return {
      mode: "send",
      ...this.common(this.sender),
      ttl: group.ttl,
      ratePerSecond,
      bindToInterface: external !== undefined || (sender?.bindToInterface ?? bindsByDefault(this.props)),
      ...this.unicastTargets(),
    };
  }

  /** What a receiver is told. */
  public receiving(receiver: PlannedReceiver): ReceiveConfig {
    return { mode: "receive", ...this.common(receiver), joins: joinedGroups(receiver.asked, this.props.group) };
  }

  /** What the verdict is told. */
  public judging(): VerdictConfig {
    const { network, group, image = DEFAULT_PROBE_IMAGE, maxLossPercent = 1, switching } = this.props;
    const { ratePerSecond = DEFAULT_RATE } = this.props;
    const receivers = this.receivers.map((receiver) => this.checkedReceiver(receiver));
    return {
      mode: "verdict",
      report: {
        check: this.checkName,
        namespace: network.namespace.namespaceName,
        configMap: reportName(this.checkName),
        image,
      },
      network: networkUnderTest(network),
      destinations: this.destinations,
      ttl: group.ttl,
      interface: interfaceTo(network),
      sender: this.checkedPod(this.sender),
      ...this.roster(),
      receivers,
      ratePerSecond,
      windowSeconds: this.windowSeconds,
      deadlineSeconds: this.deadlineSeconds,
      maxLossPercent,
      ...(switching && { switched: { annotation: ovnMulticast, value: "true", seconds: SWITCH_SECONDS } }),
    };
  }

  private participant({ name, node, external, namespace, hostInterface }: Asked): Participant {
    const { network } = this.props;
    const pod = external === undefined && hostInterface === undefined;
    const attachments = pod ? attachmentsTo(network) : [];
    const ips = external?.addresses ?? attachments.flatMap(({ props }) => props.ips ?? []);
    return {
      name,
      podName: `${this.checkName}-${name}`,
      namespace: namespace ?? network.namespace,
      node,
      hostNetwork: hostInterface !== undefined,
      attachments,
      interface: external?.interfaceName ?? hostInterface ?? interfaceTo(network),
      address: this.ofFamily(ips),
      external: external && { endpoint: external, address: this.ofFamily(ips) ?? "", port: external.takePort() },
    };
  }

  /** The address of the group's family, without prefix length. */
  private ofFamily(ips: readonly string[]): string | undefined {
    const family = this.props.group.isIpv4 ? 4 : 6;
    return ips.find((ip) => parseSubnet(ip)?.family === family)?.split("/")[0];
  }

  private common({ interface: name, external }: Participant) {
    return {
      destinations: this.destinations,
      interface: name,
      ...(external && { outlet: { address: external.address, port: external.port } }),
    };
  }

  private checkedPod({ name, podName, namespace, node, interface: own, external }: Participant): CheckedPod {
    const { network } = this.props;
    return {
      name,
      pod: podName,
      node: external?.endpoint.host.nodeName ?? node,
      ...(namespace !== network.namespace && { namespace: namespace.namespaceName }),
      ...(own !== interfaceTo(network) && { interface: own }),
      ...(external && { outlet: { address: external.address, port: external.port } }),
    };
  }

  private checkedReceiver(receiver: PlannedReceiver): CheckedReceiver {
    const { group } = this.props;
    const { asked, address } = receiver;
    const unicast = this.unicastOf(receiver);
    const proof = this.proofOf(receiver);
    return {
      ...this.checkedPod(receiver),
      expect: expectationOf(asked, group),
      joins: joinedGroups(asked, group),
      ...(unicast && { unicast }),
      ...(proof && { proof }),
      ...((unicast ?? proof) && address !== undefined && { address }),
    };
  }

  private unicastOf({ asked, external, address }: PlannedReceiver): MulticastReceiver["unicast"] {
    const outside = external !== undefined || this.sender.external !== undefined;
    return asked.unicast ?? (outside && address !== undefined ? "heard" : undefined);
  }

  /**
   * Where the network keeps the test group from a receiver that has joined it, or from all, it does so with the control
   * group too; unicast then shows that sender and receiver live.
   */
  private proofOf({ asked }: PlannedReceiver): "unicast" | undefined {
    const { group } = this.props;
    const nobodyHears = this.receivers.every((other) => expectationOf(other.asked, group) === "silent");
    const keptAway = expectationOf(asked, group) === "silent" && joinedGroups(asked, group).includes(group.address);
    return nobodyHears || keptAway ? "unicast" : undefined;
  }

  private wantsUnicast(): PlannedReceiver[] {
    return this.receivers.filter((receiver) => this.unicastOf(receiver) ?? this.proofOf(receiver));
  }

  private unicastTargets(): Pick<SendConfig, "unicast" | "rosterPort" | "rosterSize"> {
    const unicast = this.wantsUnicast().flatMap(({ address }) => address ?? []);
    const roster = this.roster();
    return {
      ...(unicast.length > 0 && { unicast }),
      ...roster,
      ...(roster.rosterPort !== undefined && { rosterSize: this.wantsUnicast().length }),
    };
  }

  /** The verdict tells a sender's pod the addresses that only the API knows. */
  private roster(): { rosterPort?: number } {
    const unknown = this.wantsUnicast().some(({ address }) => address === undefined);
    return unknown && this.sender.external === undefined ? { rosterPort: this.props.group.port } : {};
  }
}

/** The kernel looks its own route ff00::/8 of each interface up before any of ours (`ip -6 route show table local`). */
export function bindsByDefault({ group, network }: Pick<MulticastCheckProps, "group" | "network">): boolean {
  return !group.isIpv4 && !(network instanceof DefaultNetwork);
}
