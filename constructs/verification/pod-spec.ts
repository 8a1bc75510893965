import type { ICluster } from "../cluster/cluster";
import { tolerationsOn, type Toleration } from "../cluster/toleration";
import type { INamespace } from "../namespace/namespace";
import type { PodV1Spec, PodV1SpecContainer } from "../private/kubernetes";
import { boundTo } from "../private/node-placement";
import { literalText } from "../private/terraform-text";

/** What one of our containers is made of. */
export interface ContainerProps {
  /** Image reference. */
  readonly image: string;
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  /** Environment variables; none where undefined. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further environment variables, from fields of the Pod object, such as `spec.nodeName`; none where undefined. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Terraform expression with whose value the pod is made anew; nothing where undefined. */
  readonly revision?: string;
}

/** Directory inside the container where the probe and its configuration lie. */
export const PROBE_DIRECTORY = "/probe";

/** Directory inside the container where the deployment's key lies. */
export const KEY_DIRECTORY = "/probe-key";

/** Name of the key's file there. */
export const KEY_FILE = "key";

/** The only container's name, by which its log is read. */
export const CONTAINER_NAME = "probe";

/** What a pod says of its rights, and what the cluster adds to that. */
export interface PodRights {
  /** Annotations of the pod. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Security context of the pod. */
  readonly securityContext: Readonly<Record<string, unknown>>;
  /** Arguments of the resource that the cluster writes. */
  readonly ignoreChanges: readonly string[];
}

/** What Pod Security `restricted` asks of a pod (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted). */
export const restrictedPod = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

/**
 * The least rights. OpenShift gives each namespace users of its own and refuses others to whoever is no cluster administrator; with an
 * administrator's rights it would take another constraint than that, unless one is named
 * (https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/authentication_and_authorization/managing-pod-security-policies).
 */
export function leastRights({ distribution }: ICluster, hostNetwork = false): PodRights {
  if (distribution !== "openshift")
    return {
      annotations: {},
      securityContext: { ...restrictedPod, runAsUser: "65532", runAsGroup: "65532" },
      ignoreChanges: [],
    };
  return {
    annotations: { "openshift.io/required-scc": hostNetwork ? "hostnetwork-v2" : "restricted-v2" },
    securityContext: restrictedPod,
    ignoreChanges: ["", "container[0].", "init_container[0]."].map((of) => `spec[0].${of}security_context`),
  };
}

/** A container that can do nothing but compute and use the network. */
export function restrictedContainer(props: ContainerProps): PodV1SpecContainer {
  return {
    name: CONTAINER_NAME,
    image: props.image,
    imagePullPolicy: "IfNotPresent",
    command: props.command.map(literalText),
    env: [
      ...Object.entries(props.fields ?? {}).map(([name, fieldPath]) => ({
        name,
        valueFrom: { fieldRef: { fieldPath } },
      })),
      ...Object.entries(props.env ?? {}).map(([name, value]) => ({ name, value: literalText(value) })),
      // Terraform changes no environment of a pod in place.
      ...(props.revision === undefined ? [] : [{ name: "REVISION", value: props.revision }]),
    ],
    resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "256Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      // hashicorp/kubernetes sends false for a container that does not say, which overrules the pod.
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
    },
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** A volume with the files of a ConfigMap, at {@link PROBE_DIRECTORY}. */
export function filesVolume(configMapName: string): { readonly name: string; readonly configMap: { name: string } } {
  return { name: "files", configMap: { name: configMapName } };
}

/** The mount of {@link filesVolume}. */
export const filesMount = { name: "files", mountPath: PROBE_DIRECTORY, readOnly: true };

/** A volume with the files of a Secret, at {@link KEY_DIRECTORY}. */
export function keyVolume(secretName: string): { readonly name: string; readonly secret: { secretName: string } } {
  return { name: "key", secret: { secretName } };
}

/** The mount of {@link keyVolume}. */
export const keyMount = { name: "key", mountPath: KEY_DIRECTORY, readOnly: true };

/** Where a pod runs, as its spec says it; a node that is known lets it in. */
export function placement(
  cluster: ICluster,
  node: string | undefined,
  tolerations?: readonly Toleration[],
): Pick<PodV1Spec, "affinity" | "toleration"> {
  const tolerated = tolerationsOn(cluster, node, tolerations);
  return { affinity: boundTo(node), toleration: tolerated.length > 0 ? tolerated : undefined };
}

/** Metadata of an object of a check. */
export function metadata(
  namespace: INamespace,
  name: string,
  labels: Readonly<Record<string, string>>,
): { name: string; namespace: string; labels: Record<string, string> } {
  return { name, namespace: namespace.namespaceName, labels: { ...labels } };
}

/** Labels of an object of a check, by which `kubectl` and `./lab verify` find it. */
export function checkLabels(check: string, component: string): Record<string, string> {
  return {
    ...componentLabels(component),
    "app.kubernetes.io/instance": check,
    "app.kubernetes.io/managed-by": "multicast-lab",
  };
}

/** Labels that the objects of one kind have in all checks. */
export function componentLabels(component: string): Record<string, string> {
  return { "app.kubernetes.io/name": "multicast-check", "app.kubernetes.io/component": component };
}
