import type { LabTools } from "./terraform";

interface Listed<T> {
  readonly items: readonly T[];
}

interface AdditionalNetwork {
  readonly name: string;
  readonly namespace: string;
  readonly rawCNIConfig: string;
}

interface Policy {
  readonly metadata: { readonly name: string };
  readonly status?: object;
}

const NADS = "network-attachment-definitions.k8s.cni.cncf.io";
const POLICIES = "nodenetworkconfigurationpolicies.nmstate.io";

/**
 * What OpenShift's operators would do, played by the test: makes the definitions of `additionalNetworks`, and says of each NMState policy
 * that it is in force. No node is configured.
 */
export class PlayedOperators {
  private running = true;
  private done: Promise<void> = Promise.resolve();
  /** Names of the policies that were in force, in their order. */
  public readonly policies: string[] = [];

  public constructor(private readonly tools: LabTools) {}

  /** Begins to play. */
  public start(): void {
    this.done = this.play();
  }

  /** Ends it. @throws what went wrong meanwhile. */
  public stop(): Promise<void> {
    this.running = false;
    return this.done;
  }

  private async play(): Promise<void> {
    while (this.running) {
      await this.makeDefinitions();
      await this.putPoliciesInForce();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  private async makeDefinitions(): Promise<void> {
    const text = await this.tools.kubectl(["get", "networks.operator.openshift.io", "cluster", "-o=json"]);
    const { spec } = JSON.parse(text) as { spec: { additionalNetworks?: AdditionalNetwork[] } };
    for (const { name, namespace, rawCNIConfig } of spec.additionalNetworks ?? []) {
      const metadata = { name, namespace };
      const nad = {
        apiVersion: "k8s.cni.cncf.io/v1",
        kind: "NetworkAttachmentDefinition",
        metadata,
        spec: { config: rawCNIConfig },
      };
      await this.tools.kubectl(["apply", "-f", "-"], JSON.stringify(nad));
    }
    const kept = (spec.additionalNetworks ?? []).map(({ name }) => name);
    const { items } = JSON.parse(await this.tools.kubectl(["get", NADS, "-n=planes", "-o=json"])) as Listed<Policy>;
    for (const { metadata } of items)
      if (!kept.includes(metadata.name)) await this.tools.kubectl(["delete", NADS, metadata.name, "-n=planes"]);
  }

  private async putPoliciesInForce(): Promise<void> {
    const { items } = JSON.parse(await this.tools.kubectl(["get", POLICIES, "-o=json"])) as Listed<Policy>;
    const status = JSON.stringify({ status: { conditions: [{ type: "Available", status: "True" }] } });
    for (const { metadata } of items.filter((policy) => policy.status === undefined)) {
      await this.tools.kubectl([
        "patch",
        POLICIES,
        metadata.name,
        "--subresource=status",
        "--type=merge",
        `-p=${status}`,
      ]);
      this.policies.push(metadata.name);
    }
  }
}
