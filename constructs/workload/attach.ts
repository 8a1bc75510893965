import { checkNode } from "../namespace/node-rule";
import { networksAnnotation, NETWORKS_ANNOTATION, type Attachment } from "../network/attachment";
import { networkRevision } from "../network/network-revision";
import { checkAttachments } from "../network/attachment-rules";
import { clusterRevision } from "../cluster/cluster-revision";
import { Revision } from "../private/revision";
import { dependable, TerraformResource } from "../private/terraform";
import { literalText } from "../private/terraform-text";
import { Faults, ValidationError } from "../private/validate";
import {
  annotatePods,
  bindToNode,
  isOnHostNetwork,
  hasJoined,
  isPod,
  keepAnnotationsOfOthers,
  markJoined,
  nodeSelector,
  overlapsItself,
  podAnnotations,
  podsOf,
  type Workload,
} from "./workload";
import { attempt, shownValue } from "../private/foreign-value";
import { checkShape } from "../private/shape";

/** Options of {@link attach}. */
export interface AttachOptions {
  /**
   * Name of the node that the pods are bound to. A network whose NIC has another name on some nodes needs it: one workload for each
   * group, then.
   *
   * @default the scheduler chooses, or the workload's own node selector
   */
  readonly node?: string;
}

const HOSTNAME = "kubernetes.io/hostname";
/** A template with another annotation makes new pods. */
const REVISION = "multicast-lab/networks-revision";

/**
 * Attaches the pods of a workload to networks: adds the annotation to its pods, and the networks to what it waits for. A
 * change of the networks makes new pods, since a pod is attached once, when it starts.
 *
 * @param workload a `DeploymentV1`, `StatefulSetV1`, `DaemonSetV1` or `PodV1`; once for each
 * @param attachments the networks, in the order of their interfaces `net1`, `net2`, …
 * @returns the workload.
 * @throws ValidationError when an attachment breaks a rule, or several pods would get one address.
 * @example
 * // given: deployment: Workload, plane: INetwork
 * attach(deployment, [Attachment.of(plane)]);
 */
export function attach<T extends Workload>(
  workload: T,
  attachments: readonly Attachment[],
  options: AttachOptions = {},
): T {
  checkWorkload(workload);
  checkShape(workload, "attach(attachments)", attachments, "attachments");
  checkShape(workload, "AttachOptions", options);
  const node = options.node ?? nodeSelector(workload)[HOSTNAME];
  checkProps(workload, attachments, options, node);
  markJoined(workload);
  const networks = literalText(networksAnnotation(attachments, node));
  const revision = networksRevision(workload, attachments, networks);
  annotatePods(workload, { [NETWORKS_ANNOTATION]: networks, ...(isPod(workload) ? {} : { [REVISION]: revision.id }) });
  if (options.node !== undefined) bindToNode(workload, options.node);
  keepAnnotationsOfOthers(workload);
  if (isPod(workload)) replaceWith(revision, workload);
  const ready = attachments.flatMap(({ network }) => network.ready);
  workload.dependsOn = [...(workload.dependsOn ?? []), ...ready.map(dependable)];
  return workload;
}

/** A pod reads its networks when it starts: others, or the same ones with another configuration, take another pod. */
function networksRevision(workload: Workload, attachments: readonly Attachment[], networks: string): Revision {
  const each = (of: (network: Attachment["network"]) => string) =>
    attachments.map(({ network }) => of(network)).join(" ");
  return new Revision(workload, "Networks", {
    of: () => attachments.flatMap(({ network }) => network.ready),
    also: () => ({
      annotation: networks,
      networks: each(networkRevision),
      cluster: each(({ namespace }) => clusterRevision(namespace.cluster)),
    }),
  });
}

function checkWorkload(workload: unknown): void {
  if (attempt(() => TerraformResource.isTerraformResource(workload), false)) return;
  const violation = { must: "be a DeploymentV1, StatefulSetV1, DaemonSetV1 or PodV1", use: "one of these" };
  throw new ValidationError([{ construct: "attach", field: "workload", got: shownValue(workload), ...violation }]);
}

/** Terraform changes a pod's annotations in place, where Multus no longer reads them. */
function replaceWith(revision: Revision, workload: Workload): void {
  const { replaceTriggeredBy = [] } = workload.lifecycle ?? {};
  workload.lifecycle = { ...workload.lifecycle, replaceTriggeredBy: [...replaceTriggeredBy, revision.address] };
}

function checkProps(
  workload: Workload,
  attachments: readonly Attachment[],
  options: AttachOptions,
  node: string | undefined,
): void {
  const faults = new Faults(workload);
  const network = attachments[0]?.network;
  if (!network) faults.add("attachments", [], { must: "name at least one network", use: "[Attachment.of(network)]" });
  else checkNode(faults, "node", options.node, network.namespace);
  checkAttachments(faults, attachments, node);
  const selected = nodeSelector(workload)[HOSTNAME];
  if (options.node !== undefined && selected !== undefined && selected !== options.node)
    faults.add("node", options.node, {
      must: `be the node of the workload's own selector, ${selected}`,
      use: "one of them",
    });
  if (hasJoined(workload) || NETWORKS_ANNOTATION in podAnnotations(workload))
    faults.add("workload", workload.node.id, { must: "be attached once", use: "one attach() with all its networks" });
  if (isOnHostNetwork(workload))
    faults.add("workload", workload.node.id, {
      must: "not be on the host's network, where Multus attaches nothing",
      use: "hostNetwork: false, or MulticastWay.hostNetwork()",
    });
  checkShared(faults, workload, attachments);
  faults.throwIfAny();
}

/** Adds each attachment whose address several pods would have. */
function checkShared(faults: Faults, workload: Workload, attachments: readonly Attachment[]): void {
  const pods = podsOf(workload);
  attachments.forEach(({ props: { ips, mac } }, index) => {
    if (ips === undefined && mac === undefined) return;
    if (pods === 1 && overlapsItself(workload)) {
      const must = "leave out ips and mac, which a new pod would share with the old one until that has ended";
      faults.add(`attachments[${index}]`, { ips, mac }, { must, use: 'strategy: { type: "Recreate" }' });
    }
    if (pods === 1) return;
    const must = `leave out ips and mac, which ${pods ?? "all"} pods would share`;
    faults.add(
      `attachments[${index}]`,
      { ips, mac },
      { must, use: "Ipam.whereabouts, or one workload for each address" },
    );
  });
}
