import * as path from "node:path";
import { providersOf } from "../cluster/cluster";
import {
  DaemonSetV1,
  type DaemonSetV1SpecTemplateSpec,
  type DaemonSetV1SpecTemplateSpecContainer,
} from "../private/kubernetes";
import { digestOf } from "../private/digest";
import { Construct, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import type { MultusProps } from "./multus";

interface MultusDaemonSetProps extends MultusProps {
  readonly image: string;
  readonly name: string;
  readonly namespaceName: string;
  readonly dependsOn: ITerraformDependable[];
}

const CONF_DIR = "/host/etc/cni/net.d";
const BIN_DIR = "/host/opt/cni/bin";

/** Puts Multus on every node and keeps it there. */
export class MultusDaemonSet extends Construct {
  public readonly resource: DaemonSetV1;
  /** Labels of the pods that are made as the resource says now, and of no older ones. */
  public readonly revisionLabels: Readonly<Record<string, string>>;

  public constructor(scope: Construct, id: string, props: MultusDaemonSetProps) {
    super(scope, id);
    const labels = { "app.kubernetes.io/name": props.name };
    const spec = podSpec(props);
    this.revisionLabels = { ...labels, "multicast-lab/revision": digestOf(spec) };
    this.resource = new DaemonSetV1(this, "Resource", {
      provider: providersOf(this, props.cluster).kubernetes,
      metadata: { name: props.name, namespace: props.namespaceName, labels },
      spec: {
        // The entrypoint ends at once when it cannot write the configuration; a pod that still runs after this has written it.
        minReadySeconds: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels: this.revisionLabels }, spec },
      },
      waitForRollout: true,
      dependsOn: props.dependsOn,
    });
  }
}

function podSpec(props: MultusDaemonSetProps): DaemonSetV1SpecTemplateSpec {
  const confDir = literalText(props.cluster.cniPaths.confDir);
  const binDir = literalText(props.cluster.cniPaths.binDir);
  return {
    serviceAccountName: props.name,
    // Multus must be there before the network that it configures, and must not attach itself.
    hostNetwork: true,
    // Every node, whatever its taints: pods that tolerate them may ask for networks too.
    toleration: [{ operator: "Exists" }],
    nodeSelector: { "kubernetes.io/os": "linux" },
    priorityClassName: "system-node-critical",
    terminationGracePeriodSeconds: 10,
    container: [container(props)],
    // Type Directory: a path that is wrong for this cluster must fail, not be made.
    volume: [
      { name: "cni-conf", hostPath: { path: confDir, type: "Directory" } },
      { name: "cni-bin", hostPath: { path: binDir, type: "Directory" } },
    ],
  };
}

function container(props: MultusDaemonSetProps): DaemonSetV1SpecTemplateSpecContainer {
  const { cpuRequest = "10m", memoryRequest = "32Mi", memoryLimit = "128Mi" } = props.resources ?? {};
  return {
    name: "multus",
    image: props.image,
    imagePullPolicy: "IfNotPresent",
    command: ["/thin_entrypoint"],
    args: entrypointFlags(props),
    resources: { requests: { cpu: cpuRequest, memory: memoryRequest }, limits: { memory: memoryLimit } },
    securityContext: {
      // Root owns the two directories; nothing else of root's power is needed. Upstream runs privileged.
      runAsUser: "0",
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
      // Where SELinux is on, a container may write to the node's directories under this type only; else it is ignored.
      seLinuxOptions: { type: "spc_t" },
    },
    terminationMessagePolicy: "FallbackToLogsOnError",
    // The image has no shell. The installed plugin is executable only after its rename, moments before the configuration.
    startupProbe: {
      exec: { command: [`${BIN_DIR}/multus`, "--version"] },
      periodSeconds: 1,
      timeoutSeconds: 5,
      failureThreshold: 60,
    },
    volumeMount: [
      { name: "cni-conf", mountPath: CONF_DIR },
      { name: "cni-bin", mountPath: BIN_DIR },
    ],
  };
}

function entrypointFlags(props: MultusDaemonSetProps): string[] {
  const confDir = literalText(props.cluster.cniPaths.confDir);
  const flags = [
    "--multus-conf-file=auto",
    `--multus-autoconfig-dir=${CONF_DIR}`,
    `--cni-conf-dir=${CONF_DIR}`,
    `--cni-bin-dir=${BIN_DIR}`,
    // As the node sees it: the plugin runs outside of the container.
    `--multus-kubeconfig-file-host=${path.posix.join(confDir, "multus.d/multus.kubeconfig")}`,
    // Made at start; the default lies in the container's own file system, which is read-only.
    `--multus-cni-conf-dir=${CONF_DIR}/multus.d`,
    // Also what makes v4.3.0 follow new tokens and changes of the cluster's network (cmd/thin_entrypoint/main.go, watchChanges).
    "--cleanup-config-on-exit=true",
    `--multus-log-level=${props.logLevel ?? "error"}`,
    `--namespace-isolation=${props.namespaceIsolation ?? true}`,
  ];
  // Without the flag Multus exempts "default"; the namespace of Multus holds no network and so exempts nothing.
  const exempt = props.globalNamespaces ?? ["default"];
  return [...flags, `--global-namespaces=${exempt.join(",") || props.namespaceName}`];
}
