import * as path from "node:path";
import { AttachedOpenShiftCluster, type OpenShiftClusterAttributes } from "./attached-cluster";
import { ClusterStep } from "./cluster-step";
import {
  installConfigOf,
  isUserProvisioned,
  networkManifestOf,
  networksOf,
  type InstallConfig,
} from "./install-config";
import { checkInstallConfig } from "./install-config-rules";
import type { ClusterNode, CniPaths, Distribution, ICluster } from "../cluster/cluster";
import type { ClusterNetwork } from "../cluster/cluster-network";
import { usualCniPaths } from "../cluster/existing-cluster";
import { localPath } from "../cluster/local-path";
import { checkNodes } from "../cluster/nodes";
import { goYaml } from "../private/carried-text";
import { filePath, interfaceName } from "../private/rules";
import { Construct, type DataResource } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import { Faults, type Rule } from "../private/validate";
import { checkShape } from "../private/shape";

/** Props of {@link OpenShiftCluster}. */
export interface OpenShiftClusterProps extends InstallConfig {
  /** Version that is installed, like `4.18.9`; an installer installs its own version only. */
  readonly version: string;
  /**
   * The program `openshift-install` of that version, a path or a name on the PATH.
   *
   * @default "openshift-install"
   */
  readonly installerPath?: string;
  /**
   * The nodes, as far as their names are known before; checks choose nodes of them.
   *
   * @default []
   */
  readonly nodes?: readonly ClusterNode[];
  /**
   * Interfaces that carry the cluster itself: the uplink of br-ex. No secondary network may use them as `master`.
   *
   * @default []
   */
  readonly managementInterfaces?: readonly string[];
  /**
   * Directory on the machine that runs Terraform for what the installer knows of the cluster, in `install/`: kubeconfig, passwords and
   * what it needs to destroy the cluster. Not readable by others.
   *
   * @default - `.lab/` and the cluster's name, below the current directory
   */
  readonly stateDirectory?: string;
}

/**
 * OpenShift 4, installed by `openshift-install`. A guard precedes the installation: it checks program, version and files before anything
 * is made, and destroying it lets the installer take the cluster away, also where the installation failed. An installation that was
 * interrupted is waited for at the next apply. Pull secret, passwords and keys stay in their files.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/installing_on_any_platform/installing-platform-agnostic
 */
export class OpenShiftCluster extends Construct implements ICluster {
  /**
   * An OpenShift 4 that exists. What is declared of it is compared with what the cluster says at each plan and apply.
   *
   * @throws ValidationError with all faults of the attributes.
   */
  public static fromKubeconfig(
    scope: Construct,
    id: string,
    attributes: OpenShiftClusterAttributes,
  ): AttachedOpenShiftCluster {
    return new AttachedOpenShiftCluster(scope, id, attributes);
  }

  /** Always `openshift`. */
  public readonly distribution: Distribution = "openshift";
  /** Path of the kubeconfig file that the installer writes. */
  public readonly kubeconfigPath: string;
  /** The nodes, as given. */
  public readonly nodes: readonly ClusterNode[];
  /** OpenShift's own CNI directories. */
  public readonly cniPaths: CniPaths = usualCniPaths({ distribution: "openshift" });
  /** Pod networks. */
  public readonly clusterCidrs: readonly string[];
  /** Service networks. */
  public readonly serviceCidrs: readonly string[];
  /** Interfaces that carry the cluster itself, as given. */
  public readonly managementInterfaces: readonly string[];
  /** OVN-Kubernetes with its subnets. */
  public readonly clusterNetwork: ClusterNetwork;
  /** The version. */
  public readonly revision: string;
  /** Absolute path of the directory with the installer's files. */
  public readonly stateDirectory: string;
  /** The `terraform_data` whose destruction destroys the cluster. */
  public readonly guard: DataResource;
  /** The `terraform_data` after which the cluster is there. */
  public readonly resource: DataResource;

  /** @throws ValidationError with all faults of the props. */
  public constructor(scope: Construct, id: string, props: OpenShiftClusterProps) {
    super(scope, id);
    checkShape(this, "OpenShiftClusterProps", props);
    const { clusterNetwork, serviceNetwork } = networksOf(props);
    this.stateDirectory = localPath(props.stateDirectory ?? path.join(".lab", props.clusterName));
    this.kubeconfigPath = path.join(this.stateDirectory, "install/auth/kubeconfig");
    this.nodes = props.nodes ?? [];
    this.clusterCidrs = clusterNetwork.map(({ cidr }) => cidr);
    this.serviceCidrs = serviceNetwork;
    this.managementInterfaces = props.managementInterfaces ?? [];
    this.clusterNetwork = ovnKubernetes(props);
    this.revision = props.version;
    this.check(props);
    const values = this.values(props);
    this.guard = new ClusterStep(this, "Guard", {
      create: { script: "installer", step: "check" },
      destroy: { script: "installer", step: "destroy" },
      values,
      runAgain: false,
    }).resource;
    // Another directory is another cluster; whatever else changes is for the installer to refuse.
    this.guard.triggersReplace = { directory: literalText(this.stateDirectory) };
    this.resource = new ClusterStep(this, "Install", {
      create: { script: "installer", step: "install" },
      values,
      dependsOn: [this.guard],
    }).resource;
  }

  private values(props: OpenShiftClusterProps): Record<string, string> {
    const file = (name: string | undefined) => literalText(name === undefined ? "" : localPath(name));
    const { installerPath = "openshift-install" } = props;
    const manifest = networkManifestOf(props);
    return {
      LAB_STATE_DIRECTORY: literalText(this.stateDirectory),
      LAB_INSTALLER: literalText(installerPath.includes("/") ? localPath(installerPath) : installerPath),
      LAB_VERSION: props.version,
      LAB_USER_PROVISIONED: String(isUserProvisioned(props)),
      LAB_INSTALL_CONFIG: literalText(goYaml(installConfigOf(props))),
      LAB_NETWORK_MANIFEST: literalText(manifest === undefined ? "" : goYaml(manifest)),
      LAB_PULL_SECRET_PATH: file(props.pullSecretPath),
      LAB_SSH_PUBLIC_KEY_PATH: file(props.sshPublicKeyPath),
      LAB_TRUST_BUNDLE_PATH: file(props.trustBundlePath),
      LAB_PLATFORM_PATH: file(props.platformPath),
    };
  }

  private check(props: OpenShiftClusterProps): void {
    const faults = new Faults(this)
      .check("version", props.version, exactVersion)
      .check("installerPath", props.installerPath, filePath)
      .check("stateDirectory", props.stateDirectory, filePath);
    checkInstallConfig(faults, props);
    checkNodes(faults, this.nodes);
    this.managementInterfaces.forEach((name, index) =>
      faults.check(`managementInterfaces[${index}]`, name, interfaceName),
    );
    faults.throwIfAny();
  }
}

const exactVersion: Rule<string> = (value) =>
  /^4\.[0-9]{1,2}\.[0-9]{1,3}(-[a-z0-9.-]{1,40})?$/.test(value)
    ? undefined
    : { must: "be an exact version of OpenShift 4", use: 'a version like "4.18.9"' };

/** Only the subnets that were said; for the others the usual ones of the version hold. */
function ovnKubernetes(props: OpenShiftClusterProps): ClusterNetwork {
  const list = (subnet: string | undefined) => (subnet === undefined ? undefined : [subnet]);
  return {
    type: "ovn-kubernetes",
    openshiftVersion: props.version.split("-")[0],
    joinSubnets: list(props.internalJoinSubnet),
    transitSubnets: list(props.internalTransitSwitchSubnet),
    masqueradeSubnets: list(props.internalMasqueradeSubnet),
  };
}
