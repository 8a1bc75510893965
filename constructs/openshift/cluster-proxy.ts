import { checkProxy, type ProxySettings } from "./proxy-rules";
import { SharedObject } from "./shared-object";
import { providersOf, type ICluster } from "../cluster/cluster";
import { localPath } from "../cluster/local-path";
import { asciiJson } from "../private/carried-text";
import { ConfigMapV1 } from "../private/kubernetes";
import { nameFromPath, nameOfParts } from "../private/names";
import { filePath } from "../private/rules";
import { Construct, TerraformStack, type DataResource } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import { Faults } from "../private/validate";
import { checkShape } from "../private/shape";

/** Props of {@link ClusterProxy}. */
export interface ClusterProxyProps extends ProxySettings {
  /** The cluster; an OpenShift 4. */
  readonly cluster: ICluster;
  /**
   * File with the certificates (PEM) of whom the nodes trust beside those of the system, such as a proxy that opens TLS. They stand in the
   * Terraform state; anything else in the file, such as a private key, is left out.
   *
   * @default - the system's own alone
   */
  readonly trustBundlePath?: string;
}

/**
 * The cluster-wide proxy: `Proxy.config.openshift.io/cluster`, and its trust bundle in a ConfigMap of `openshift-config`. It leads the
 * cluster's own traffic, not that of workloads. Fields that somebody else has set are not overwritten, and on destroy ours are taken
 * away. OpenShift restarts its nodes one after another to put a change into force, which this construct does not wait for.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/networking_operators/enable-cluster-wide-proxy
 */
export class ClusterProxy extends Construct {
  /** The `terraform_data` after which the proxy is set. */
  public readonly resource: DataResource;
  /** The ConfigMap with the trust bundle, where one is given. */
  public readonly trustBundle?: ConfigMapV1;

  /** @throws ValidationError when a value breaks a rule of its field. */
  public constructor(scope: Construct, id: string, props: ClusterProxyProps) {
    super(scope, id);
    checkShape(this, "ClusterProxyProps", props);
    this.checkProps(props);
    const { trustBundlePath } = props;
    const name = nameOfParts("multicast-lab", `${TerraformStack.of(this).node.id}-${nameFromPath(this)}`);
    if (trustBundlePath !== undefined) this.trustBundle = this.makeTrustBundle(name, props.cluster, trustBundlePath);
    const spec = specOf(props, trustBundlePath === undefined ? undefined : name);
    this.resource = new SharedObject(this, "Proxy", {
      cluster: props.cluster,
      apiVersion: "config.openshift.io/v1",
      kind: "Proxy",
      resource: "proxies.config.openshift.io",
      spec: () => asciiJson(spec),
      takenWhenEmpty: Object.keys(spec).map((key) =>
        key === "trustedCA" ? "{.spec.trustedCA.name}" : `{.spec.${key}}`,
      ),
      // As a new cluster has it; a reference must have a name.
      emptied: trustBundlePath === undefined ? {} : { trustedCA: { name: "" } },
      dependsOn: this.trustBundle && [this.trustBundle],
    }).resource;
  }

  private checkProps(props: ClusterProxyProps): void {
    const faults = new Faults(this).check("trustBundlePath", props.trustBundlePath, filePath);
    checkProxy(faults, "", props);
    if (props.cluster.distribution !== "openshift") {
      const use = "an OpenShiftCluster";
      faults.add("cluster", props.cluster.distribution, { must: "be an OpenShift, which has this setting", use });
    }
    faults.throwIfAny();
  }

  /** The key is the one that OpenShift reads (https://github.com/openshift/api/blob/master/config/v1/types_proxy.go). */
  private makeTrustBundle(name: string, cluster: ICluster, path: string): ConfigMapV1 {
    const file = `file("${literalText(JSON.stringify(localPath(path)).slice(1, -1))}")`;
    const certificates = 'regexall("(?s)-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----"';
    return new ConfigMapV1(this, "TrustBundle", {
      provider: providersOf(this, cluster).kubernetes,
      metadata: { name, namespace: "openshift-config" },
      data: { "ca-bundle.crt": `\${join("\\n", ${certificates}, ${file}))}` },
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.data["ca-bundle.crt"] != ""}`,
            errorMessage: `[${literalText(this.node.path)}] trustBundlePath must hold certificates in PEM form`,
          },
        ],
      },
    });
  }
}

function specOf({ httpProxy, httpsProxy, noProxy = [] }: ProxySettings, trustBundle: string | undefined) {
  return {
    ...(httpProxy !== undefined && { httpProxy }),
    ...(httpsProxy !== undefined && { httpsProxy }),
    ...(noProxy.length > 0 && { noProxy: noProxy.join(",") }),
    ...(trustBundle !== undefined && { trustedCA: { name: trustBundle } }),
  };
}
