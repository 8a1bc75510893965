import { accessTo, ClusterStep } from "./cluster-step";
import { checkOverlaps, internalSubnet } from "./install-config-rules";
import type { ICluster } from "../cluster/cluster";
import { networkTypeOf } from "../cluster/cluster-network-rules";
import { asciiJson } from "../private/carried-text";
import { cidr } from "../private/ip-rules";
import { wholeNumber } from "../private/rules";
import { Construct, type DataResource } from "../private/terraform";
import { Faults, type Rule } from "../private/validate";
import { checkShape } from "../private/shape";

/** Props of {@link SdnToOvnMigration}. */
export interface SdnToOvnMigrationProps {
  /** The cluster; an OpenShift 4.16.43 or later 4.16, declared with its version and with `networkType: "openshift-sdn"`. */
  readonly cluster: ICluster;
  /** That whoever deploys this knows: it cannot be stopped, nodes restart, and there is no way back. */
  readonly acceptsOneWay: true;
  /**
   * Networks of the machines and of all that talks with the cluster, in CIDR notation; OVN-Kubernetes' own must not overlap them.
   *
   * @default ["10.0.0.0/16"]
   */
  readonly machineNetwork?: readonly string[];
  /**
   * OVN-Kubernetes' join network, IPv4 in CIDR notation.
   *
   * @default - 100.64.0.0/16
   */
  readonly internalJoinSubnet?: string;
  /**
   * OVN-Kubernetes' transit network, IPv4 in CIDR notation.
   *
   * @default - 100.88.0.0/16
   */
  readonly internalTransitSwitchSubnet?: string;
  /**
   * OVN-Kubernetes' masquerade network, IPv4 in CIDR notation.
   *
   * @default - 169.254.169.0/29
   */
  readonly internalMasqueradeSubnet?: string;
  /**
   * OpenShift Cluster Manager's id of a managed cluster (OpenShift Dedicated): the migration is then ordered there, by the program `ocm`.
   *
   * @default - the cluster is told itself, by its own configuration
   */
  readonly clusterManagerId?: string;
  /**
   * Seconds that the apply waits for the end, from 60 to 86400; the migration goes on without it.
   *
   * @default 14400
   */
  readonly timeoutSeconds?: number;
}

const managerId: Rule<string> = (value) =>
  /^[A-Za-z0-9]{1,64}$/.test(value)
    ? undefined
    : { must: "be an id of OpenShift Cluster Manager", use: "the id that `ocm list clusters` prints" };

/**
 * The limited live migration of a cluster from OpenShift SDN to OVN-Kubernetes. Red Hat asks not to automate it without looking: it is
 * a construct of its own for that reason, which is refused without `acceptsOneWay`, starts only where no operator is degraded and no
 * machine config pool is behind or paused, and does nothing on destroy. Afterwards the cluster is declared with
 * `networkType: "ovn-kubernetes"` and this construct is taken out.
 *
 * @see https://docs.openshift.com/container-platform/4.16/networking/ovn_kubernetes_network_provider/migrate-from-openshift-sdn.html
 */
export class SdnToOvnMigration extends Construct {
  /** The `terraform_data` after which the cluster is on OVN-Kubernetes. */
  public readonly resource: DataResource;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: SdnToOvnMigrationProps) {
    super(scope, id);
    checkShape(this, "SdnToOvnMigrationProps", props);
    this.checkProps(props);
    const {
      internalJoinSubnet: join,
      internalTransitSwitchSubnet: transit,
      internalMasqueradeSubnet: masquerade,
    } = props;
    const ipv4 = { internalJoinSubnet: join, internalTransitSwitchSubnet: transit };
    const subnets = {
      ...((join ?? transit) && { ipv4 }),
      ...(masquerade && { gatewayConfig: { ipv4: { internalMasqueradeSubnet: masquerade } } }),
    };
    const own = { join_ipv4: join, transit_ipv4: transit, masquerade_ipv4: masquerade };
    const order = { type: "sdnToOvn", ...((join ?? transit ?? masquerade) && { sdn_to_ovn: own }) };
    const step = props.clusterManagerId === undefined ? "migrate" : "order";
    this.resource = new ClusterStep(this, "Migration", {
      create: { script: "migration", step },
      destroy: { script: "migration", step: "told" },
      values: {
        ...accessTo(props.cluster),
        LAB_SUBNETS: asciiJson(subnets),
        LAB_ORDER: asciiJson(order),
        LAB_MIGRATIONS: `/api/clusters_mgmt/v1/clusters/${props.clusterManagerId ?? "none"}/migrations`,
        LAB_WAIT_SECONDS: String(props.timeoutSeconds ?? 14400),
      },
      runAgain: false,
    }).resource;
  }

  private checkProps(props: SdnToOvnMigrationProps): void {
    const { cluster, machineNetwork = ["10.0.0.0/16"] } = props;
    const faults = new Faults(this)
      .check("timeoutSeconds", props.timeoutSeconds, wholeNumber(60, 86400))
      .check("clusterManagerId", props.clusterManagerId, managerId);
    if ((props.acceptsOneWay as boolean) !== true)
      faults.add("acceptsOneWay", props.acceptsOneWay, {
        must: "be true: there is no way back",
        use: "true, once all is ready",
      });
    checkCluster(faults, cluster);
    machineNetwork.forEach((text, index) => faults.check(`machineNetwork[${index}]`, text, cidr));
    const internal = [
      ["internalJoinSubnet", props.internalJoinSubnet, "100.64.0.0/16"],
      ["internalTransitSwitchSubnet", props.internalTransitSwitchSubnet, "100.88.0.0/16"],
      ["internalMasqueradeSubnet", props.internalMasqueradeSubnet, "169.254.169.0/29"],
    ] as const;
    internal.forEach(([field, text]) => faults.check(field, text, cidr, internalSubnet));
    checkOverlaps(faults, [
      ...cluster.clusterCidrs.map((text) => ["the cluster's pod network", text] as const),
      ...cluster.serviceCidrs.map((text) => ["the cluster's service network", text] as const),
      ...machineNetwork.map((text, index) => [`machineNetwork[${index}]`, text] as const),
      ...internal.map(([field, text, usual]) => [field, text ?? usual] as const),
    ]);
    faults.throwIfAny();
  }
}

/** 4.17 has no OpenShift SDN any more; before 4.16.43 the migration of managed clusters is not offered. */
function checkCluster(faults: Faults, cluster: ICluster): void {
  const version = cluster.clusterNetwork?.openshiftVersion;
  const [, patch] = /^4\.16\.([0-9]+)$/.exec(version ?? "") ?? [];
  if (patch === undefined || Number(patch) < 43)
    faults.add("cluster", version ?? "no version", {
      must: "be OpenShift 4.16.43 or a later 4.16, and be declared with that version",
      use: "an update of the cluster first",
    });
  if (networkTypeOf(cluster) !== "openshift-sdn")
    faults.add("cluster", networkTypeOf(cluster), {
      must: "be on OpenShift SDN",
      use: 'networkType: "openshift-sdn" where it is, or leave this construct out',
    });
}
