import { accessTo, ClusterStep } from "./cluster-step";
import { SharedObject } from "./shared-object";
import type { ICluster } from "../cluster/cluster";
import type { Definition, IMultus } from "../multus/multus";
import { asciiJson } from "../private/carried-text";
import { Construct, Lazy, TerraformStack, type DataResource, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import { Faults } from "../private/validate";
import { checkShape } from "../private/shape";

/** Props of {@link NetworkOperator}. */
export interface NetworkOperatorProps {
  /** The cluster; an OpenShift 4.18 or later, which keeps the list of networks by name. */
  readonly cluster: ICluster;
}

/** Seconds in which the operator makes a definition: it looks at its configuration as soon as that changes. */
const WAIT_SECONDS = 120;

const namesByStack = new WeakMap<TerraformStack, Map<ICluster, Set<string>>>();

/**
 * Multus as OpenShift's Cluster Network Operator runs it: what takes it for its `multus` is made by the operator, from `additionalNetworks`
 * in `Network.operator.openshift.io/cluster`. The operator then puts a definition back that somebody removes or changes. Entries of
 * others stay as they are; ours are taken out on destroy, and the operator removes their definitions. Network names are used once in a
 * cluster, whatever the namespace.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/multiple_networks/configuring-additional-network
 */
export class NetworkOperator extends Construct implements IMultus {
  public readonly cluster: ICluster;
  public readonly ready: ITerraformDependable[] = [];

  /** @throws ValidationError when the cluster is no OpenShift. */
  public constructor(scope: Construct, id: string, props: NetworkOperatorProps) {
    super(scope, id);
    checkShape(this, "NetworkOperatorProps", props);
    const { cluster } = props;
    this.cluster = cluster;
    const faults = new Faults(this);
    if (cluster.distribution !== "openshift") {
      const use = "Multus";
      faults.add("cluster", cluster.distribution, { must: "be an OpenShift, which has this operator", use });
    }
    faults.throwIfAny();
  }

  /** {@inheritDoc IMultus.putDefinition} */
  public putDefinition(scope: Construct, { networkName, namespaceName, config, dependsOn }: Definition): DataResource {
    this.takeName(scope, networkName);
    // The operator puts the text between single quotes of YAML.
    const rawCNIConfig = () => config().replaceAll("'", "\\u0027");
    const entry = () => ({ name: networkName, namespace: namespaceName, type: "Raw", rawCNIConfig: rawCNIConfig() });
    const { resource } = new SharedObject(scope, "AdditionalNetwork", {
      cluster: this.cluster,
      apiVersion: "operator.openshift.io/v1",
      kind: "Network",
      resource: "networks.operator.openshift.io",
      spec: () => asciiJson({ additionalNetworks: [entry()] }),
      dependsOn,
    });
    return new ClusterStep(scope, "Made", {
      create: { script: "definition", step: "wait" },
      values: {
        ...accessTo(this.cluster),
        LAB_NAME: networkName,
        LAB_NAMESPACE: namespaceName,
        LAB_CONFIG: Lazy.stringValue({ produce: () => literalText(rawCNIConfig()) }),
        LAB_WAIT_SECONDS: String(WAIT_SECONDS),
      },
      dependsOn: [resource],
    }).resource;
  }

  private takeName(scope: Construct, name: string): void {
    const stack = TerraformStack.of(scope);
    const clusters = namesByStack.get(stack) ?? new Map<ICluster, Set<string>>();
    namesByStack.set(stack, clusters);
    const taken = clusters.get(this.cluster) ?? new Set<string>();
    clusters.set(this.cluster, taken);
    const use = "another networkName";
    if (taken.has(name))
      new Faults(scope).add("networkName", name, { must: "be used once in the operator's list", use }).throwIfAny();
    taken.add(name);
  }
}
