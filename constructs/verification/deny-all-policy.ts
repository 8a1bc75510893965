import { providersOf } from "../cluster/cluster";
import type { INamespace } from "../namespace/namespace";
import { NetworkPolicyV1, type NetworkPolicyV1Spec } from "../private/kubernetes";
import { dns1123Label } from "../private/rules";
import { Construct } from "../private/terraform";
import { Faults, type Rule } from "../private/validate";
import { componentLabels } from "./pod-spec";
import { checkShape } from "../private/shape";

/** Props of {@link DenyAllPolicy}. */
export interface DenyAllPolicyProps {
  /** Namespace whose pods nobody may reach, and that reach nobody. */
  readonly namespace: INamespace;
  /**
   * Name of the NetworkPolicy, a DNS-1123 label of 50 characters at most; those of its exceptions begin with it.
   *
   * @default "default-deny-all", as in the documentation of Kubernetes
   */
  readonly policyName?: string;
}

const notLong: Rule<string> = (value) =>
  value.length <= 50 ? undefined : { must: "have at most 50 characters", use: "a shorter name" };

/**
 * A NetworkPolicy that denies all pods of a namespace all traffic, to be in force while a {@link MulticastCheck} judges. Policies add up,
 * and two more except what a check cannot do without: its verdict reads the API and tells the sender addresses, and the sender may send to
 * pods, which a group is none of. So somebody in another namespace can tell that it lives, and unicast that a receiver hears tells that the
 * policy is not in force. A network plugin that knows no NetworkPolicy takes no notice of it, and the check then says so.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-and-all-egress-traffic
 */
export class DenyAllPolicy extends Construct {
  /** The namespace. */
  public readonly namespace: INamespace;
  /** The NetworkPolicy that denies. */
  public readonly resource: NetworkPolicyV1;
  /** The NetworkPolicies that except the verdict and the sender of checks. */
  public readonly exceptions: readonly NetworkPolicyV1[];

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: DenyAllPolicyProps) {
    super(scope, id);
    checkShape(this, "DenyAllPolicyProps", props);
    const { namespace, policyName = "default-deny-all" } = props;
    new Faults(this).check("policyName", policyName, dns1123Label, notLong).throwIfAny();
    this.namespace = namespace;
    const verdict = { matchLabels: componentLabels("verdict") };
    this.resource = this.policy("Resource", policyName, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    this.exceptions = [
      this.policy("Verdict", `${policyName}-verdict`, {
        podSelector: verdict,
        policyTypes: ["Egress"],
        egress: [{}],
      }),
      this.policy("Sender", `${policyName}-sender`, {
        podSelector: { matchLabels: componentLabels("sender") },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector: verdict }] }],
        egress: [{ to: [{ namespaceSelector: {} }] }],
      }),
    ];
  }

  private policy(id: string, name: string, spec: NetworkPolicyV1Spec): NetworkPolicyV1 {
    const { namespaceName, cluster, ready } = this.namespace;
    return new NetworkPolicyV1(this, id, {
      provider: providersOf(this, cluster).kubernetes,
      metadata: { name, namespace: namespaceName },
      spec,
      dependsOn: ready,
    });
  }
}
