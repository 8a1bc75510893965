import { multicastSwitches, ofNetwork, type MulticastSwitch } from "./multicast-switch";
import type { ICluster } from "../cluster/cluster";
import { labelValue, oneOf, qualifiedName, storableText } from "../private/rules";
import { literalText } from "../private/terraform-text";
import type { Faults } from "../private/validate";

/** Levels of Pod Security, from none to strict (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/** Annotation that OVN-Kubernetes reads (ovn-kubernetes go-controller/pkg/util/namespace_annotation.go). */
export const ovnMulticast = "k8s.ovn.org/multicast-enabled";
const podSecurityPrefix = "pod-security.kubernetes.io";
const levels: readonly PodSecurityLevel[] = ["privileged", "baseline", "restricted"];

/** What a user may say of a namespace's labels and annotations. */
interface NamespaceMetadata {
  readonly cluster: ICluster;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podSecurity?: PodSecurityLevel;
  readonly multicastSwitch?: MulticastSwitch;
}

/** Adds what is wrong with labels, annotations and switches. */
export function checkNamespaceMetadata(faults: Faults, props: NamespaceMetadata): void {
  faults
    .check("podSecurity", props.podSecurity, oneOf(levels))
    .check("multicastSwitch", props.multicastSwitch, oneOf(multicastSwitches), ofNetwork(props.cluster));
  for (const [key, value] of Object.entries(props.labels ?? {}))
    faults.check("labels", key, qualifiedName, notOwn).check(`labels.${key}`, value, labelValue);
  for (const [key, value] of Object.entries(props.annotations ?? {}))
    faults.check("annotations", key, qualifiedName, notOwn).check(`annotations.${key}`, value, storableText);
}

/** The user's annotations as Terraform must read them, and the network's switch where it is one of them. */
export function annotationsWithSwitch(
  own: Readonly<Record<string, string>> = {},
  multicastSwitch: MulticastSwitch,
): Record<string, string> {
  const literal = Object.entries(own).map(([key, value]) => [key, literalText(value)] as const);
  const multicast = multicastSwitch === "ovn-kubernetes" ? ([[ovnMulticast, "true"]] as const) : [];
  return Object.fromEntries([...literal, ...multicast]);
}

/** The labels that Pod Security reads. */
export function podSecurityLabels(level: PodSecurityLevel): Record<string, string> {
  return Object.fromEntries(["enforce", "audit", "warn"].map((mode) => [`${podSecurityPrefix}/${mode}`, level]));
}

function notOwn(key: string) {
  return key === ovnMulticast || key.startsWith(`${podSecurityPrefix}/`)
    ? { must: "not be a key that this construct sets", use: "podSecurity or multicastSwitch" }
    : undefined;
}
