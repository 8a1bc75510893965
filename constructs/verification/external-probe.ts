import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ReceiveConfig, SendConfig } from "../../probe/config";
import type { ExternalEndpoint } from "./external-endpoint";
import type { DeploymentIdentity } from "./deployment-identity";
import { ExternalStep } from "./external-step";
import { PROBE_PATH, probeAsset } from "./probe-files";
import { Construct } from "../private/terraform";

/** Props of {@link ExternalProbe}. */
export interface ExternalProbeProps {
  /** Where it runs. */
  readonly endpoint: ExternalEndpoint;
  /** Its name on that machine, a DNS-1123 label. */
  readonly probeName: string;
  /** What it is told. */
  readonly config: SendConfig | ReceiveConfig;
  /** Whose key it shares. */
  readonly identity: DeploymentIdentity;
}

/** A probe on a machine outside the cluster. */
export class ExternalProbe extends Construct {
  /** Runs it. */
  public readonly step: ExternalStep;

  public constructor(
    scope: Construct,
    id: string,
    { endpoint, probeName, config, identity: deployment }: ExternalProbeProps,
  ) {
    super(scope, id);
    const { host, identity } = endpoint;
    const program = createHash("sha256").update(readFileSync(PROBE_PATH)).digest("hex");
    const values = { NAME: probeName, CONFIG: JSON.stringify(config), PROGRAM: program };
    // As with the endpoint's own: what ends a probe must be there before one can be started.
    const guard = new ExternalStep(this, "Guard", {
      host,
      values,
      destroy: "stop",
      identity,
      dependsOn: endpoint.ready,
    });
    this.step = new ExternalStep(this, "Started", {
      host,
      values,
      local: { LAB_PROGRAM: probeAsset(this) },
      create: "start",
      deployment,
      identity,
      dependsOn: [guard.resource],
    });
  }
}
