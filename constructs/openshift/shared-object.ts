import { accessTo, ClusterStep } from "./cluster-step";
import type { ICluster } from "../cluster/cluster";
import { nameFromPath, nameOfParts } from "../private/names";
import { Construct, Lazy, TerraformStack, type DataResource, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";

/** Props of {@link SharedObject}. */
export interface SharedObjectProps {
  /** The cluster that has the object. */
  readonly cluster: ICluster;
  /** API version of the object. */
  readonly apiVersion: string;
  /** Kind of the object. */
  readonly kind: string;
  /** The kind as `kubectl get` takes it, with its group. */
  readonly resource: string;
  /** The fields that are set: ASCII, as `asciiJson` writes it; read at synth. */
  readonly spec: () => string;
  /** Fields, by JSONPath, that are taken over where the cluster has an empty text there. */
  readonly takenWhenEmpty?: readonly string[];
  /**
   * What stays of the fields on destroy: empty values, where the API demands a field.
   *
   * @default {}
   */
  readonly emptied?: Readonly<Record<string, unknown>>;
  /** What must be applied before. */
  readonly dependsOn?: ITerraformDependable[];
}

/** OpenShift has one object of each of its configuration kinds, of this name. */
const NAME = "cluster";

/**
 * Some fields of an object that belongs to the cluster, by server-side apply: a field that somebody else set otherwise is never
 * overwritten, and on destroy the fields are taken away again. A change is applied in place, without a time between in which the fields
 * are missing (docs/adr/0017-shared-objects.md).
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export class SharedObject extends Construct {
  /** The `terraform_data` after which the fields are set. */
  public readonly resource: DataResource;

  public constructor(scope: Construct, id: string, props: SharedObjectProps) {
    super(scope, id);
    const { apiVersion, kind, resource, dependsOn } = props;
    const identity = { apiVersion, kind, metadata: { name: NAME } };
    const values = {
      ...accessTo(props.cluster),
      LAB_RESOURCE: resource,
      LAB_NAME: NAME,
      LAB_WITHDRAWN: JSON.stringify({ ...identity, spec: props.emptied ?? {} }),
      // A manager's apply takes away what it set before and does not set again, so no two resources may share one.
      LAB_MANAGER: nameOfParts("multicast-lab", `${TerraformStack.of(this).node.id}-${nameFromPath(this)}`),
    };
    const withdraw = { script: "shared-object", step: "withdraw" } as const;
    const guard = new ClusterStep(this, "Withdraw", { destroy: withdraw, values, runAgain: false, dependsOn });
    const manifest = () => `${JSON.stringify(identity).slice(0, -1)},"spec":${props.spec()}}`;
    this.resource = new ClusterStep(this, "Apply", {
      create: { script: "shared-object", step: "apply" },
      values: {
        ...values,
        LAB_MANIFEST: Lazy.stringValue({ produce: () => literalText(manifest()) }),
        LAB_TAKEN_WHEN_EMPTY: literalText((props.takenWhenEmpty ?? []).join("\n")),
      },
      dependsOn: [guard.resource],
    }).resource;
  }
}
