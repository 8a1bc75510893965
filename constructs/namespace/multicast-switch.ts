import type { ICluster } from "../cluster/cluster";
import { networkTypeOf } from "../cluster/cluster-network-rules";
import { SynthMessages, type IConstruct } from "../private/terraform";
import type { Rule } from "../private/validate";

/**
 * How the cluster's own network switches multicast on in a namespace: OVN-Kubernetes by an annotation of the namespace
 * (https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/ovn-kubernetes_network_plugin/enabling-multicast),
 * OpenShift SDN by one of its NetNamespace (https://docs.openshift.com/container-platform/3.11/admin_guide/managing_networking.html#admin-guide-networking-multicast),
 * others, such as flannel, not at all.
 */
export type MulticastSwitch = "ovn-kubernetes" | "openshift-sdn" | "none";

/** All switches. */
export const multicastSwitches: readonly MulticastSwitch[] = ["ovn-kubernetes", "openshift-sdn", "none"];

/** The switch that the cluster's network has. */
export function switchOf(cluster: ICluster): MulticastSwitch {
  const type = networkTypeOf(cluster);
  return type === "ovn-kubernetes" || type === "openshift-sdn" ? type : "none";
}

/** Says at synth that the namespace's own network carries no multicast, unless the user has said so. */
export function sayIfNone(scope: IConstruct, cluster: ICluster, chosen: MulticastSwitch | undefined): void {
  if (chosen !== undefined || switchOf(cluster) !== "none") return;
  const message = `The cluster's network (${networkTypeOf(cluster)}) has no switch for multicast: pods need an attached network. multicastSwitch: "none" says that you know.`;
  SynthMessages.of(scope).addInfo(message);
}

/** A switch that the cluster's network does not have would be set and do nothing. */
export function ofNetwork({ clusterNetwork }: ICluster): Rule<string> {
  return (value) =>
    clusterNetwork === undefined || value === "none" || value === clusterNetwork.type
      ? undefined
      : {
          must: `be a switch of the cluster's network ${clusterNetwork.type}`,
          use: "the default, or an attached network",
        };
}
