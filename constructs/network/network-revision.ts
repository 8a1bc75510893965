import type { INetworkAttachmentDefinition } from "./network";
import { digestOf } from "../private/digest";

/** Another text for a network that is declared otherwise: all that can be said of one that exists already. */
export function networkRevision(network: INetworkAttachmentDefinition): string {
  const { networkName, namespace, subnets, ranges, attachmentIps, acceptsMac } = network;
  const { hasMulticastRoute, hasIpv6MulticastRoute, takesDefaultRoute } = network;
  const routes = { hasMulticastRoute, hasIpv6MulticastRoute, takesDefaultRoute };
  return digestOf({ networkName, of: namespace.namespaceName, subnets, ranges, attachmentIps, acceptsMac, routes });
}
