import { DefaultNetwork } from "./checked-network";
import type { ExternalEndpoint } from "./external-endpoint";
import type { MulticastCheckProps } from "./multicast-check-props";
import { expectationOf, joinedGroups, type MulticastReceiver } from "./receivers";
import { networkTypeOf } from "../cluster/cluster-network-rules";
import { checkNode } from "../namespace/node-rule";
import { dns1123Label, interfaceName, oneOf } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

const TAKEN_NAMES = ["sender", "verdict", "report", "probe"];

/** Adds what is wrong with one of a check's receivers. */
export function checkReceiver(
  faults: Faults,
  props: MulticastCheckProps,
  all: readonly MulticastReceiver[],
  index: number,
  receiver: MulticastReceiver,
): void {
  const field = `receivers[${index}]`;
  const { group, network } = props;
  const { name, joins, expect } = receiver;
  faults
    .check(`${field}.name`, name, dns1123Label, notLong, notTaken)
    .check(`${field}.expect`, expect, oneOf(["heard", "silent"]))
    .check(`${field}.unicast`, receiver.unicast, oneOf(["heard", "silent"]))
    .check(`${field}.hostInterface`, receiver.hostInterface, interfaceName);
  checkPlace(faults, field, props, receiver);
  checkUnicast(faults, field, props, all, receiver);
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

/** Adds what keeps a machine outside the cluster from taking part. */
export function checkExternal(
  faults: Faults,
  field: string,
  endpoint: ExternalEndpoint,
  { network, group }: Pick<MulticastCheckProps, "network" | "group">,
): void {
  const { nodeName } = endpoint.host;
  if (network instanceof DefaultNetwork)
    faults.add(field, nodeName, {
      must: "be left out on the cluster's own network, which machines outside of it have no part in",
      use: "an attached network",
    });
  const family = group.isIpv4 ? 4 : 6;
  if (endpoint.addressOf(family) === undefined)
    faults.add(field, endpoint.addresses, {
      must: `have an IPv${family} address, as the group has`,
      use: "addresses of the endpoint",
    });
}

/** Where a receiver is: in one place, and one that can be what is expected of it. */
function checkPlace(faults: Faults, field: string, props: MulticastCheckProps, receiver: MulticastReceiver): void {
  const { external, namespace, hostInterface, node } = receiver;
  if (external) {
    checkExternal(faults, `${field}.external`, external, props);
    for (const [name, value] of Object.entries({ namespace: namespace?.namespaceName, hostInterface, node }))
      if (value !== undefined)
        faults.add(`${field}.${name}`, value, { must: "be left out with external", use: "one of them" });
  }
  checkApart(faults, field, props, receiver);
}

/** Another namespace, or the host's network: what each kind of network makes of it. */
function checkApart(faults: Faults, field: string, props: MulticastCheckProps, receiver: MulticastReceiver): void {
  const { network, group } = props;
  const { namespace, hostInterface } = receiver;
  if (namespace && namespace.cluster !== network.namespace.cluster)
    faults.add(`${field}.namespace`, namespace.namespaceName, {
      must: "lie in the cluster of the network",
      use: "a namespace of that cluster",
    });
  const isApart = hostInterface !== undefined || (namespace && namespace !== network.namespace);
  const keepsApart = network instanceof DefaultNetwork && networkTypeOf(network.namespace.cluster) === "ovn-kubernetes";
  if (isApart && keepsApart && expectationOf(receiver, group) === "heard")
    faults.add(`${field}.expect`, receiver.expect, {
      must: 'be "silent": OVN-Kubernetes carries multicast inside one namespace, and not to pods on the host\'s network',
      use: 'expect: "silent", or an attached network',
    });
}

/** Silence of unicast proves something only where unicast of the same sender reaches somebody. */
function checkUnicast(
  faults: Faults,
  field: string,
  { sender }: MulticastCheckProps,
  all: readonly MulticastReceiver[],
  { unicast, external, hostInterface }: MulticastReceiver,
): void {
  if (unicast === "silent" && !all.some((other) => other.unicast === "heard"))
    faults.add(`${field}.unicast`, unicast, {
      must: "be beside a receiver that hears unicast, else its silence proves nothing",
      use: 'unicast: "heard" on a receiver that may be reached',
    });
  if (unicast && sender?.external && !external && hostInterface !== undefined)
    faults.add(`${field}.unicast`, unicast, {
      must: "be left out: the node's address is not known at synth",
      use: "a receiver without hostInterface",
    });
}

const notLong: Rule<string> = (value) =>
  value.length <= 20 ? undefined : { must: "have at most 20 characters", use: "a shorter name" };

const notTaken: Rule<string> = (value) =>
  TAKEN_NAMES.includes(value)
    ? { must: `not be one of ${TAKEN_NAMES.join(", ")}, which the check uses itself`, use: "another name" }
    : undefined;
