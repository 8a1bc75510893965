import { dns1123Label, imageReference, oneOf, percent, wholeNumber } from "../private/rules";
import type { Faults, Rule } from "../private/validate";
import type { MulticastCheckProps } from "./multicast-check-props";
import { DefaultNetwork } from "./checked-network";
import { checkPath } from "./checked-network-rules";
import { checkExternal, checkReceiver } from "./receiver-rules";
import { expectationOf, joinedGroups, type MulticastReceiver } from "./receivers";
import { checkTolerations } from "../cluster/toleration";
import { checkSharedNetworks } from "./shared-network-rules";
import { networkTypeOf } from "../cluster/cluster-network-rules";
import { checkNode } from "../namespace/node-rule";

/** Longest name of a check, so that its pods' names stay DNS-1123 labels. */
export const MAX_CHECK_NAME = 40;

/** Seconds that the verdict needs besides its window: to see everyone ready, and the last block counted. */
const DEADLINE_MARGIN = 10;

/** A check's name: the start of the names of all its objects. */
export const checkNameRules: readonly Rule<string>[] = [
  dns1123Label,
  (value) =>
    value.length <= MAX_CHECK_NAME
      ? undefined
      : { must: `have at most ${MAX_CHECK_NAME} characters`, use: "a shorter name" },
];

/** Name of the node that the sender runs on. */
export function senderNode({ sender, network }: MulticastCheckProps): string | undefined {
  return sender?.node ?? network.namespace.cluster.nodes[0]?.name;
}

/** Adds what is wrong with a check's props, but for its name. */
export function checkProps(faults: Faults, props: MulticastCheckProps, receivers: readonly MulticastReceiver[]): void {
  const { group, network, windowSeconds = 10, deadlineSeconds } = props;
  group.validate(faults, "group");
  faults
    .check("image", props.image, imageReference)
    .check("windowSeconds", props.windowSeconds, wholeNumber(1, 3600))
    .check("deadlineSeconds", deadlineSeconds, wholeNumber(windowSeconds + DEADLINE_MARGIN, 7200))
    .check("ratePerSecond", props.ratePerSecond, wholeNumber(1, 1000))
    .check("maxLossPercent", props.maxLossPercent, percent);
  checkTolerations(faults, props.tolerations);
  if (typeof props.receivers === "string") faults.check("receivers", props.receivers, oneOf(["everyNode"]));
  checkNode(faults, "sender.node", props.sender?.node, network.namespace);
  checkSender(faults, props);
  checkDenyAll(faults, props, receivers);
  checkSwitching(faults, props, receivers);
  const hearers = receivers.filter((receiver) => expectationOf(receiver, group) === "heard");
  checkPath(faults, {
    network,
    group,
    nodes: [senderNode(props), ...hearers.map(({ node }) => node)],
    heard: hearers.length > 0,
    bindToInterface: props.sender?.external !== undefined || props.sender?.bindToInterface,
  });
  if (receivers.length === 0)
    faults.add("receivers", props.receivers ?? [], {
      must: "name at least one receiver",
      use: "a list like [{ name, node }]",
    });
  // A set that we made up follows from the group and the nodes, whose own faults are told already.
  if (typeof props.receivers !== "object") return;
  receivers.forEach((receiver, index) => checkReceiver(faults, props, receivers, index, receiver));
  checkSharedNetworks(faults, props, receivers);
}

function checkSender(faults: Faults, props: MulticastCheckProps): void {
  const { sender } = props;
  if (sender?.external === undefined) return;
  checkExternal(faults, "sender.external", sender.external, props);
  if (sender.node !== undefined)
    faults.add("sender.node", sender.node, { must: "be left out with external", use: "one of them" });
}

/** A policy that nothing shows to be in force would be reported as one that multicast passes. */
function checkDenyAll(
  faults: Faults,
  { denyAll, network }: MulticastCheckProps,
  receivers: readonly MulticastReceiver[],
): void {
  if (denyAll === undefined) return;
  const { namespaceName } = denyAll.namespace;
  if (!(network instanceof DefaultNetwork))
    faults.add("denyAll", namespaceName, {
      must: "be left out: a NetworkPolicy says nothing of attached networks",
      use: "DefaultNetwork",
    });
  if (denyAll.namespace !== network.namespace)
    faults.add("denyAll", namespaceName, { must: "be a policy of the check's namespace", use: "one made for it" });
  const isInside = ({ namespace = network.namespace }: MulticastReceiver) => namespace === denyAll.namespace;
  if (!receivers.some((receiver) => isInside(receiver) && receiver.unicast === "silent"))
    faults.add("denyAll", namespaceName, {
      must: "be seen to be in force by a receiver of its namespace",
      use: 'unicast: "silent" on a receiver that hears the group',
    });
  receivers.forEach((receiver, index) => {
    if (isInside(receiver) && receiver.unicast === "heard")
      faults.add(`receivers[${index}].unicast`, "heard", {
        must: "not be asked of a namespace whose policy denies it",
        use: '"silent", or a receiver in another namespace',
      });
  });
}

/** Only where nothing else sets the switch can a verdict set it, and only its own namespace. */
function checkSwitching(
  faults: Faults,
  { switching, network, group }: MulticastCheckProps,
  receivers: readonly MulticastReceiver[],
): void {
  if (!switching) return;
  const { namespace } = network;
  if (!(network instanceof DefaultNetwork) || networkTypeOf(namespace.cluster) !== "ovn-kubernetes")
    faults.add("switching", true, {
      must: "be left out: only OVN-Kubernetes' own network is switched on by an annotation",
      use: "DefaultNetwork on a cluster with OVN-Kubernetes",
    });
  if (namespace.multicastSwitch !== "none")
    faults.add("switching", namespace.namespaceName, {
      must: "be of a namespace that has no switch of its own, else two set it",
      use: 'a MulticastNamespace with multicastSwitch: "none"',
    });
  receivers.forEach((receiver, index) => {
    const isInside = (receiver.namespace ?? namespace) === namespace && receiver.hostInterface === undefined;
    if (
      isInside &&
      expectationOf(receiver, group) === "silent" &&
      joinedGroups(receiver, group).includes(group.address)
    )
      return;
    faults.add(`receivers[${index}]`, receiver.name, {
      must: "be one that joins the group in the namespace that is switched, and hears nothing before",
      use: 'expect: "silent", without namespace, hostInterface and joins',
    });
  });
}
