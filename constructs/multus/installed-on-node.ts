import * as path from "node:path";
import { providersOf, type ICluster } from "../cluster/cluster";
import { networkTypeOf } from "../cluster/cluster-network-rules";
import { PodV1 } from "../private/kubernetes";
import { nameFromPath } from "../private/names";
import { boundTo } from "../private/node-placement";
import { Revision } from "../private/revision";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";

interface InstalledOnNodeProps {
  readonly cluster: ICluster;
  readonly image: string;
  readonly namespaceName: string;
  readonly nodeName: string;
  readonly cniVersion?: string;
  /** Labels of the Multus pod that must be on the node. */
  readonly beside: Readonly<Record<string, string>>;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A pod that runs to its end only when the node has Multus' configuration: the kubelet starts no container of a pod whose
 * hostPath of type File is missing, and looks again until it is there. Terraform waits for the pod, and tells the kubelet's
 * reason when it waited in vain. The DaemonSet itself cannot be waited for: hashicorp/kubernetes compares the numbers of
 * scheduled pods only, and both are zero at first
 * (https://github.com/hashicorp/terraform-provider-kubernetes/blob/v2.38.0/kubernetes/resource_kubernetes_daemon_set_v1.go#L336).
 */
export class InstalledOnNode extends Construct {
  public readonly resource: PodV1;

  public constructor(scope: Construct, id: string, props: InstalledOnNodeProps) {
    super(scope, id);
    const revision = Revision.ofDependenciesOf(this, "Revision", () => this.resource);
    this.resource = new PodV1(this, "Resource", {
      provider: providersOf(this, props.cluster).kubernetes,
      metadata: { name: nameFromPath(this), namespace: props.namespaceName },
      spec: {
        // A change takes the old pod's configuration away with it, and only then makes the new pod; Terraform does not wait for that.
        affinity: boundTo(props.nodeName, props.beside),
        // Not through the CNI plugins, which are what is being waited for.
        hostNetwork: true,
        restartPolicy: "OnFailure",
        automountServiceAccountToken: false,
        toleration: [{ operator: "Exists" }],
        container: [
          {
            name: "multus-is-first",
            image: props.image,
            imagePullPolicy: "IfNotPresent",
            command: ["/usr/src/multus-cni/bin/multus", "--version"],
            env: [{ name: "REVISION", value: revision.id }],
            resources: { requests: { cpu: "1m", memory: "16Mi" }, limits: { memory: "64Mi" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              runAsUser: "65534",
              capabilities: { drop: ["ALL"] },
              seccompProfile: { type: "RuntimeDefault" },
            },
            volumeMount: [{ name: "configuration", mountPath: "/configuration", readOnly: true }],
          },
        ],
        volume: [{ name: "configuration", hostPath: { path: configurationPath(props), type: "File" } }],
      },
      targetState: ["Running", "Succeeded"],
      timeouts: { create: "3m" },
      dependsOn: props.dependsOn,
    });
  }
}

/** The name depends on the version: CNI 1.0.0 knows configuration lists only. */
function configurationPath({ cluster, cniVersion }: InstalledOnNodeProps): string {
  const version = cniVersion ?? usualCniVersion(cluster);
  return path.posix.join(
    literalText(cluster.cniPaths.confDir),
    version.startsWith("0.") ? "00-multus.conf" : "00-multus.conflist",
  );
}

/** That of K3s' flannel is 1.0.0, that of OVN-Kubernetes 0.4.0, those of other networks as their makers install them 0.3.1. */
function usualCniVersion(cluster: ICluster): string {
  if (networkTypeOf(cluster) === "ovn-kubernetes") return "0.4.0";
  return cluster.distribution === "k3s" ? "1.0.0" : "0.3.1";
}
