import type { MulticastCheckProps } from "./multicast-check-props";
import { joinedGroups, type MulticastReceiver } from "./receivers";
import type { Faults } from "../private/validate";

/**
 * Adds ends of a check that no verdict can tell apart, being on one machine's network: its kernel hands what it sends to its own
 * members before an interface has carried it, and what one program has joined to all (`IP_MULTICAST_ALL`,
 * https://man7.org/linux/man-pages/man7/ip.7.html).
 */
export function checkSharedNetworks(
  faults: Faults,
  { sender, group }: Pick<MulticastCheckProps, "sender" | "group">,
  receivers: readonly MulticastReceiver[],
): void {
  const hasJoined = (receiver: MulticastReceiver): boolean => joinedGroups(receiver, group).includes(group.address);
  receivers.forEach((receiver, index) => {
    const field = `receivers[${index}]`;
    if (receiver.external !== undefined && receiver.external === sender?.external)
      faults.add(`${field}.external`, receiver.external.host.nodeName, {
        must: "be another machine than the sender's, whose kernel hands its own datagrams to itself",
        use: "another ExternalEndpoint, or a pod",
      });
    const beside = hasJoined(receiver)
      ? undefined
      : receivers.find((other) => isBeside(receiver, other) && hasJoined(other));
    if (beside !== undefined)
      faults.add(`${field}.joins`, receiver.joins, {
        must: `be the check's group as of ${beside.name}, on the same machine's network: its kernel hands what ${beside.name} has joined to both`,
        use: "another node or machine, or a pod",
      });
  });
}

function isBeside(one: MulticastReceiver, other: MulticastReceiver): boolean {
  if (one === other) return false;
  if (one.external !== undefined) return one.external === other.external;
  const onHosts = one.hostInterface !== undefined && one.hostInterface === other.hostInterface;
  return onHosts && one.node !== undefined && one.node === other.node;
}
