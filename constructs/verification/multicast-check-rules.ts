import { dns1123Label, imageReference, oneOf, wholeNumber } from "../private/rules";
import type { Faults, Rule } from "../private/validate";
import type { MulticastCheckProps } from "./multicast-check";
import { checkPath } from "./checked-network-rules";
import { expectationOf, joinedGroups, type MulticastReceiver } from "./receivers";
import { checkNode } from "../namespace/node-rule";

/** Longest name of a check, so that its pods' names stay DNS-1123 labels. */
export const MAX_CHECK_NAME = 40;

const TAKEN_NAMES = ["sender", "verdict", "report", "probe"];
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

const percent: Rule<number> = (value) =>
  value >= 0 && value < 100 ? undefined : { must: "be a percentage from 0 to below 100", use: "a number like 1" };

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
  checkNode(faults, "sender.node", props.sender?.node, network.namespace);
  if (!group.isIpv4 && group.address.includes(":"))
    faults.add("group.address", group.address, {
      must: "be IPv4: the probe speaks IPv4 only",
      use: "a group of 239.0.0.0/8",
    });
  const hearers = receivers.filter((receiver) => expectationOf(receiver, group) === "heard");
  checkPath(faults, {
    network,
    group,
    nodes: [senderNode(props), ...hearers.map(({ node }) => node)],
    heard: hearers.length > 0,
    bindToInterface: props.sender?.bindToInterface,
  });
  if (receivers.length === 0)
    faults.add("receivers", props.receivers ?? [], {
      must: "name at least one receiver",
      use: "a list like [{ name, node }]",
    });
  // A set that we made up follows from the group and the nodes, whose own faults are told already.
  if (typeof props.receivers !== "object") return;
  receivers.forEach((receiver, index) => checkReceiver(faults, props, receivers, index, receiver));
}

function checkReceiver(
  faults: Faults,
  { group, network }: MulticastCheckProps,
  all: readonly MulticastReceiver[],
  index: number,
  receiver: MulticastReceiver,
): void {
  const field = `receivers[${index}]`;
  const { name, joins, expect } = receiver;
  faults
    .check(`${field}.name`, name, dns1123Label, notLong, notTaken)
    .check(`${field}.expect`, expect, oneOf(["heard", "silent"]));
  checkNode(faults, `${field}.node`, receiver.node, network.namespace);
  if (typeof joins === "object") joins.validate(faults, `${field}.joins`);
  if (all.findIndex((other) => other.name === name) < index)
    faults.add(`${field}.name`, name, { must: "be used once", use: "another name" });
  const joined = joinedGroups(receiver, group);
  if (joined.includes(group.control().address))
    faults.add(`${field}.joins`, joined[0], { must: "not be the check's control group", use: "another group" });
  if (expectationOf(receiver, group) === "heard" && !joined.includes(group.address))
    faults.add(`${field}.expect`, expect, {
      must: 'be "silent" for a receiver that does not join the group',
      use: "joins: true",
    });
}

const notLong: Rule<string> = (value) =>
  value.length <= 20 ? undefined : { must: "have at most 20 characters", use: "a shorter name" };

const notTaken: Rule<string> = (value) =>
  TAKEN_NAMES.includes(value)
    ? { must: `not be one of ${TAKEN_NAMES.join(", ")}, which the check uses itself`, use: "another name" }
    : undefined;
