import { providersOf, type ICluster } from "../cluster/cluster";
import { DataKubernetesResource } from "../private/kubernetes";
import { Construct, Lazy } from "../private/terraform";
import { literalText } from "../private/terraform-text";

/** What carries the pods of an OpenShift 4. */
export type OpenShiftNetworkType = "ovn-kubernetes" | "openshift-sdn";

/** Props of {@link ClusterReading}. */
export interface ClusterReadingProps {
  /** The cluster that is read. */
  readonly cluster: ICluster;
  /** Declared version; not compared where undefined. */
  readonly version?: string;
  /** Declared network. */
  readonly networkType: OpenShiftNetworkType;
  /** Declared pod networks. */
  readonly clusterCidrs: readonly string[];
  /** Declared Service networks. */
  readonly serviceCidrs: readonly string[];
}

/** What `Network.config.openshift.io` calls each network (https://github.com/openshift/api/blob/master/config/v1/types_network.go). */
export const operatorNames: Readonly<Record<OpenShiftNetworkType, string>> = {
  "ovn-kubernetes": "OVNKubernetes",
  "openshift-sdn": "OpenShiftSDN",
};

/** One declared value and where the cluster has it. */
interface Comparison {
  readonly field: string;
  readonly declared: string;
  /** Terraform expression of what the cluster says, the object being `self.object`. */
  readonly actual: string;
  /** Terraform expression that is true where both agree; that they are equal where undefined. */
  readonly agrees?: string;
}

/** The newest update that is complete; while the cluster installs, what it is told to become. */
const VERSION =
  'try([for each in self.object.status.history : each.version if each.state == "Completed"][0], self.object.status.desired.version)';
const NETWORK_TYPE = 'try(self.object.status.networkType, "")';
const CLUSTER_CIDRS = 'try(join(" ", [for each in self.object.status.clusterNetwork : each.cidr]), "")';
const SERVICE_CIDRS = 'try(join(" ", self.object.status.serviceNetwork), "")';

/**
 * What an OpenShift 4 says of itself, read at each plan and apply and held against what was declared. On a destroy a difference is only
 * told: Terraform then turns conditions into warnings.
 */
export class ClusterReading extends Construct {
  /** Version that runs, like `4.16.43`; a Terraform token. */
  public readonly version: string;
  /** The network's own name, like `OVNKubernetes`; a Terraform token. */
  public readonly networkType: string;
  /** The first pod network in CIDR notation, what the documents' check takes as its range; a Terraform token. */
  public readonly clusterCidr: string;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ClusterReadingProps,
  ) {
    super(scope, id);
    const version = this.read("Version", "ClusterVersion", "version", versionComparisons(props.version));
    const network = this.read("Network", "Network", "cluster", networkComparisons(props));
    this.version = token(VERSION, version);
    this.networkType = token(NETWORK_TYPE, network);
    this.clusterCidr = token("self.object.status.clusterNetwork[0].cidr", network);
  }

  private read(id: string, kind: string, name: string, comparisons: readonly Comparison[]): DataKubernetesResource {
    return new DataKubernetesResource(this, id, {
      provider: providersOf(this, this.props.cluster).kubernetes,
      apiVersion: "config.openshift.io/v1",
      kind,
      metadata: { name },
      lifecycle: { postcondition: comparisons.map((each) => this.condition(each)) },
    });
  }

  private condition({ field, declared, actual, agrees }: Comparison) {
    const text = JSON.stringify(declared);
    const path = literalText(this.props.cluster.node.path);
    return {
      condition: `\${${agrees ?? `${actual} == ${text}`}}`,
      errorMessage: `[${path}] ${field} must be what the cluster has, got ${text}, and the cluster says "\${${actual}}"; declare that`,
    };
  }
}

function versionComparisons(declared: string | undefined): Comparison[] {
  if (declared === undefined) return [];
  const agrees = `startswith("\${${VERSION}}.", "${declared}.")`;
  return [{ field: "version", declared, actual: VERSION, agrees }];
}

function networkComparisons({ networkType, clusterCidrs, serviceCidrs }: ClusterReadingProps): Comparison[] {
  return [
    { field: "networkType", declared: operatorNames[networkType], actual: NETWORK_TYPE },
    { field: "clusterCidrs", declared: clusterCidrs.join(" "), actual: CLUSTER_CIDRS },
    { field: "serviceCidrs", declared: serviceCidrs.join(" "), actual: SERVICE_CIDRS },
  ];
}

/** Inside the resource itself Terraform says `self`, elsewhere its address. */
function token(expression: string, { friendlyUniqueId }: DataKubernetesResource): string {
  const address = `data.kubernetes_resource.${friendlyUniqueId}`;
  return Lazy.stringValue({ produce: () => `\${${expression.replaceAll("self.", `${address}.`)}}` });
}
