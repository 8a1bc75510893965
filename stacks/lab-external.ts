import type { SshHost } from "../constructs/cluster/ssh-host";
import type { Construct } from "../constructs/private/terraform";
import { ExternalEndpoint } from "../constructs/verification/external-endpoint";
import { MulticastCheck } from "../constructs/verification/multicast-check";
import type { MulticastCheckProps } from "../constructs/verification/multicast-check-props";
import { MulticastGroup } from "../constructs/verification/multicast-group";
import { usualReceivers, type MulticastReceiver } from "../constructs/verification/receivers";

/** Group of what a machine outside sends: another than those of the pods. */
const FEED = MulticastGroup.of("239.1.2.1", { port: 5004 });

/** A machine outside the cluster that takes part in the checks of a stack. */
export interface LabExternal {
  /** How it is reached. */
  readonly ssh: SshHost;
  /** Its interface on the network of `master`. */
  readonly dataInterface: string;
  /** Its address there, in CIDR form; put on the interface and taken off by destroy where it does not have it. */
  readonly address: string;
}

/** The machine as one end of checks. */
export function endpointOf(scope: Construct, { ssh, dataInterface, address }: LabExternal): ExternalEndpoint {
  return new ExternalEndpoint(scope, "Outside", { host: ssh, interfaceName: dataInterface, addresses: [address] });
}

/** The usual receivers of a stream between pods; where there is a machine outside, it must hear too. */
export function receiversWith(
  external: ExternalEndpoint | undefined,
  nodes: readonly string[],
  group: MulticastGroup,
): MulticastReceiver[] {
  return [...usualReceivers(nodes, group), ...(external ? [{ name: "outside", external }] : [])];
}

/** What a check of the machine's own stream is told. */
export type FeedCheckProps = Pick<MulticastCheckProps, "network" | "receivers" | "image">;

/** Whether the stream of a machine outside arrives. */
export function checkFeed(
  scope: Construct,
  id: string,
  external: ExternalEndpoint,
  props: FeedCheckProps,
): MulticastCheck {
  return new MulticastCheck(scope, id, { ...props, group: FEED, sender: { external } });
}

/** A receiver on each of some nodes, named by its place in the list. */
export function receiversOn(nodes: readonly (string | undefined)[]): MulticastReceiver[] {
  return nodes.map((node, index) => ({ name: `node-${index + 1}`, node }));
}
