import { accessTo, ClusterStep } from "./cluster-step";
import type { NodeNetworkState } from "./node-network-state";
import type { ICluster } from "../cluster/cluster";
import { asciiJson } from "../private/carried-text";
import { nameFromPath } from "../private/names";
import { dns1123Label, labelValue, qualifiedName, wholeNumber } from "../private/rules";
import { Construct, type DataResource, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import { Faults, type Rule } from "../private/validate";
import { checkShape } from "../private/shape";

/** Props of {@link NodeNetworkPolicy}. */
export interface NodeNetworkPolicyProps {
  /** The cluster, with the NMState Operator. */
  readonly cluster: ICluster;
  /** What the nodes get. */
  readonly state: NodeNetworkState;
  /**
   * Name of the policy, a DNS-1123 label of 56 characters at most.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly policyName?: string;
  /**
   * Labels of the nodes that get it.
   *
   * @default { "node-role.kubernetes.io/worker": "" }
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Seconds that the nodes may take, one after another, from 10 to 3600.
   *
   * @default 480: NMState gives each node four minutes and then takes its change back
   */
  readonly timeoutSeconds?: number;
}

const worker = { "node-role.kubernetes.io/worker": "" };

const notLong: Rule<string> = (value) =>
  value.length <= 56 ? undefined : { must: "have at most 56 characters", use: "a shorter name" };

/**
 * A NodeNetworkConfigurationPolicy of the NMState Operator: what secondary networks need of the nodes themselves, a VLAN interface as
 * `master` or the bridge of a localnet network. The apply waits until it is in force on all nodes; on destroy what it made is taken off
 * them, by a second policy that says so, since NMState leaves the nodes as they are when a policy is deleted.
 *
 * A network that needs it is told so with `network.node.addDependency(policy)`.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/networking_operators/k8s-nmstate-about-the-k8s-nmstate-operator
 */
export class NodeNetworkPolicy extends Construct {
  /** Name of the policy. */
  public readonly policyName: string;
  /** The `terraform_data` after which the policy is in force. */
  public readonly resource: DataResource;
  /** What a pod that needs the policy waits for. */
  public readonly ready: ITerraformDependable[];

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: NodeNetworkPolicyProps) {
    super(scope, id);
    checkShape(this, "NodeNetworkPolicyProps", props);
    this.policyName = props.policyName ?? nameFromPath(this, 56);
    this.checkProps(props);
    const { cluster, state, nodeSelector = worker, timeoutSeconds = 480 } = props;
    const policy = (name: string, desiredState: object) =>
      literalText(
        asciiJson({
          apiVersion: "nmstate.io/v1",
          kind: "NodeNetworkConfigurationPolicy",
          metadata: { name },
          spec: { nodeSelector, desiredState },
        }),
      );
    const values = {
      ...accessTo(cluster),
      LAB_NAME: this.policyName,
      LAB_MANIFEST: policy(this.policyName, state.present),
      LAB_ABSENT: policy(`${this.policyName}-absent`, state.absent),
      LAB_WAIT_SECONDS: String(timeoutSeconds),
    };
    const guard = new ClusterStep(this, "Guard", { destroy: { script: "node-policy", step: "remove" }, values });
    const apply = { script: "node-policy", step: "apply" } as const;
    this.resource = new ClusterStep(this, "Policy", { create: apply, values, dependsOn: [guard.resource] }).resource;
    this.ready = [this.resource];
  }

  private checkProps({ cluster, state, nodeSelector = {}, timeoutSeconds }: NodeNetworkPolicyProps): void {
    const faults = new Faults(this)
      .check("policyName", this.policyName, dns1123Label, notLong)
      .check("timeoutSeconds", timeoutSeconds, wholeNumber(10, 3600));
    for (const [key, value] of Object.entries(nodeSelector))
      faults.check("nodeSelector", key, qualifiedName).check(`nodeSelector.${key}`, value, labelValue);
    state.validate(faults, cluster);
    faults.throwIfAny();
  }
}
