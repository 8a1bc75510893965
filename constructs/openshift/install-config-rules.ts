import { installConfigOf, networksOf, type InstallConfig } from "./install-config";
import { checkProxy } from "./proxy-rules";
import { parseSubnet } from "../private/ip-range";
import { cidr } from "../private/ip-rules";
import { dns1123Label, dns1123Subdomain, filePath, wholeNumber } from "../private/rules";
import type { Faults, Rule } from "../private/validate";

/** IPv4 as the API has it (https://github.com/openshift/api/blob/master/operator/v1/types_network.go). */
export const internalSubnet: Rule<string> = (value) => {
  const subnet = parseSubnet(value);
  return subnet?.family === 4 && subnet.prefixLength <= 30 && !value.startsWith("0.")
    ? undefined
    : { must: "be an IPv4 network of /30 or larger that does not begin with 0", use: 'a network like "100.65.0.0/16"' };
};

const replicas: Rule<number> = (value) =>
  [1, 3, 4, 5].includes(value)
    ? undefined
    : { must: "be 1, 3, 4 or 5", use: "an odd number of machines that etcd can agree with" };

/** Adds what is wrong with the configuration. */
export function checkInstallConfig(faults: Faults, config: InstallConfig): void {
  faults
    .check("baseDomain", config.baseDomain, dns1123Subdomain)
    .check("clusterName", config.clusterName, dns1123Label)
    .check("controlPlaneReplicas", config.controlPlaneReplicas, replicas)
    .check("computeReplicas", config.computeReplicas, wholeNumber(0, 2000));
  for (const name of ["pullSecretPath", "sshPublicKeyPath", "trustBundlePath", "platformPath"] as const)
    faults.check(name, config[name], filePath);
  if (config.proxy) checkProxy(faults, "proxy.", config.proxy);
  checkPlatform(faults, config);
  checkSubnets(faults, config);
  const own = [
    "pullSecret",
    "sshKey",
    "additionalTrustBundle",
    "platform",
    ...Object.keys(installConfigOf({ ...config, more: {} })),
  ];
  for (const key of Object.keys(config.more ?? {}))
    if (own.includes(key))
      faults.add("more", key, { must: "not be a key that this construct sets", use: "its own prop" });
}

function checkPlatform(faults: Faults, { platform, platformPath }: InstallConfig): void {
  if ((platform === undefined) === (platformPath === undefined))
    faults.add("platform", platform ?? "nothing", { must: "be given once", use: "platform or platformPath" });
  if (platform && Object.keys(platform).length !== 1)
    faults.add("platform", Object.keys(platform), { must: "name one platform", use: "a value like { none: {} }" });
  const secret = JSON.stringify(platform ?? {}).match(/"([^"]*(?:password|secret|token)[^"]*)":/i)?.[1];
  if (secret !== undefined)
    faults.add("platform", secret, { must: "hold no password, which would stand in the state", use: "platformPath" });
}

function checkSubnets(faults: Faults, config: InstallConfig): void {
  const { machineNetwork, clusterNetwork, serviceNetwork } = networksOf(config);
  const all = [
    ...machineNetwork.map((text, index) => [`machineNetwork[${index}]`, text] as const),
    ...clusterNetwork.map((entry, index) => [`clusterNetwork[${index}].cidr`, entry.cidr] as const),
    ...serviceNetwork.map((text, index) => [`serviceNetwork[${index}]`, text] as const),
  ];
  const internal = ["internalJoinSubnet", "internalTransitSwitchSubnet", "internalMasqueradeSubnet"] as const;
  all.forEach(([field, text]) => faults.check(field, text, cidr));
  internal.forEach((field) => faults.check(field, config[field], cidr, internalSubnet));
  clusterNetwork.forEach(({ cidr: text, hostPrefix }, index) => {
    const subnet = parseSubnet(text);
    const rule = wholeNumber((subnet?.prefixLength ?? 0) + 1, subnet?.family === 6 ? 126 : 30);
    faults.check(`clusterNetwork[${index}].hostPrefix`, hostPrefix, rule);
  });
  checkOverlaps(faults, [
    ...all,
    ...internal.flatMap((field) => (config[field] ? [[field, config[field]] as const] : [])),
  ]);
}

/** Adds each network that another one overlaps. */
export function checkOverlaps(faults: Faults, networks: readonly (readonly [field: string, text: string])[]): void {
  networks.forEach(([field, text], index) => {
    const subnet = parseSubnet(text);
    const other = networks.slice(0, index).find(([, before]) => subnet && parseSubnet(before)?.overlaps(subnet));
    if (other) faults.add(field, text, { must: `not overlap ${other[0]} ${other[1]}`, use: "a network of its own" });
  });
}
