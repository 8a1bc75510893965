/**
 * Fields that take a Terraform token: their values only stand in what Terraform sends, as attributes or inside its JSON. All others
 * decide something at synth (what is made, what it is called, what overlaps what), and there a token is refused
 * (docs/adr/0026-tokens-and-dependencies.md).
 */
const fields: readonly string[] = [
  "(MacvlanNetwork|IpvlanNetwork)Props.(master|mtu|bcqueuelen)",
  "BridgeNetworkProps.(bridge|mtu|vlan)",
  "IpamRoute.(gw|table|priority)",
  "Tuning.(sysctls|mac|mtu|txQLen)",
  "CniPlugin(Config|Chain)\\.(?!type$|name$|plugins$).+",
  "(AttachedNetwork|NetworkAttachmentDefinition).addCniOverride\\(value\\)",
  "(MulticastNamespace|AdoptedNamespace)Props.(namespaceName|labels|annotations|podSecurity)",
  "MultusProps.(image|namespaceName|globalNamespaces|logLevel)",
  "MultusResources.\\w+",
  "(ExistingCluster|OpenShiftCluster)Attributes.kubeconfigContext",
  "VerificationPodProps.(podName|hostname|image|env|labels|command|configMapName)",
  "DenyAllPolicyProps.policyName",
  "\\w+Props.(image|probeImage|multusImage)",
];

const known = new RegExp(`^(${fields.join("|")})$`);

/** @param field `Interface.field`, or `Class.method(parameter)` */
export function mayBeToken(field: string): boolean {
  return known.test(field);
}
