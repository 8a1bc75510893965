import type { Toleration } from "../cluster/toleration";
import type { CheckedNetwork } from "./checked-network";
import type { DenyAllPolicy } from "./deny-all-policy";
import type { ExternalEndpoint } from "./external-endpoint";
import type { MulticastGroup } from "./multicast-group";
import type { MulticastReceiver } from "./receivers";

/** Who sends in a {@link MulticastCheck}. */
export interface MulticastSender {
  /**
   * Name of the node it runs on.
   *
   * @default the cluster's first node
   */
  readonly node?: string;
  /**
   * Machine outside the cluster that sends instead of a pod. It chooses its interface, and sends to each receiver by unicast as well.
   *
   * @default a pod sends
   */
  readonly external?: ExternalEndpoint;
  /**
   * Whether datagrams leave by the attached interface whatever the pod's routing table says. An application that does not
   * choose its interface, as most do not, is only stood for by `false`.
   *
   * @default false with IPv4; true with IPv6 on an attached network, where the kernel's own routes leave no other way
   */
  readonly bindToInterface?: boolean;
}

/** Props of {@link MulticastCheck}. */
export interface MulticastCheckProps {
  /**
   * The network that must carry multicast; the pods are put into its namespace. To an attached one they come by the way
   * {@link MulticastWay.attached}; which way keeps Services is proved by a {@link ServiceCheck}.
   */
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
   * NetworkPolicy of the check's namespace that must be in force before anybody sends. Receivers of that namespace with
   * `unicast: "silent"` show that it is, and one of another namespace with `unicast: "heard"` that the sender lives.
   *
   * @default none is waited for
   */
  readonly denyAll?: DenyAllPolicy;
  /**
   * Whether multicast is switched on, off and on again in the check's namespace while the stream goes on: nobody must hear before and when
   * it is off, everybody when it is on. The verdict does it, and may change the Namespace for that. The namespace is one of OVN-Kubernetes
   * and has no switch of its own (`multicastSwitch: "none"`), so that it is never other than Terraform made it but while a verdict is at it;
   * what a killed verdict leaves, the next one or the next apply takes away. Takes minutes, since OVN asks for members in its own time.
   *
   * @default false
   */
  readonly switching?: boolean;
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
