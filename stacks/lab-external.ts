import type { SshHost } from "../constructs/cluster/ssh-host";
import type { Construct } from "../constructs/private/terraform";
import { ExternalEndpoint } from "../constructs/verification/external-endpoint";

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
