import * as path from "node:path";
import { providersOf, type ICluster } from "../cluster/cluster";
import { asciiYaml } from "./carried-text";
import { Release } from "./kubernetes";
import { stackAsset } from "./script-step";
import { Construct, Lazy, type ITerraformDependable } from "./terraform";
import { literalText } from "./terraform-text";

/** One Kubernetes object as its manifest says. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** Props of {@link KubernetesObjects}. */
export interface KubernetesObjectsProps {
  readonly cluster: ICluster;
  /** Name of the Helm release, a DNS-1123 label of 53 characters at most. */
  readonly releaseName: string;
  /** Namespace that keeps the release record. */
  readonly namespaceName: string;
  /** The objects; turned into JSON at synth, so that a `toJSON` in them sees changes made until then. */
  readonly objects: readonly KubernetesObject[];
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Objects without a typed resource, put in by a local Helm chart that prints what it is given: unlike
 * `kubernetes_manifest` it needs neither the API server nor the CRD at plan time (docs/adr/0003-custom-resources.md).
 */
export class KubernetesObjects extends Construct {
  /** The `helm_release`. */
  public readonly resource: Release;

  public constructor(scope: Construct, id: string, props: KubernetesObjectsProps) {
    super(scope, id);
    this.resource = new Release(this, "Resource", {
      provider: providersOf(this, props.cluster).helm,
      name: props.releaseName,
      namespace: props.namespaceName,
      chart: stackAsset(this, "ObjectsChart", path.join(__dirname, "assets/objects-chart")),
      values: [Lazy.stringValue({ produce: () => literalText(asciiYaml({ objects: props.objects })) })],
      dependsOn: props.dependsOn,
    });
  }
}
