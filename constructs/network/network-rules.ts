import type { IpamRoute } from "./ipam-range";
import type { ICluster } from "../cluster/cluster";
import { interfacesOfCluster, reservedSubnets } from "../cluster/cluster-network-rules";
import { parseSubnet } from "../private/ip-range";
import type { Faults, Rule } from "../private/validate";

/** A VLAN interface named after its parent, as `ip link add link eth1 name eth1.120 type vlan id 120` makes it. */
export const vlanId: Rule<string> = (value) => {
  const id = /\.([0-9]+)$/.exec(value)?.[1];
  return id === undefined || (/^([1-9][0-9]{0,3})$/.test(id) && Number(id) <= 4094)
    ? undefined
    : { must: "name a VLAN from 1 to 4094 behind its last dot", use: 'a name like "eth1.120"' };
};

/**
 * A secondary network on the cluster's own interface, or a VLAN on it, would cut the node off or be refused by the cluster's network
 * (https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/multiple_networks/about-multiple-networks).
 */
export function notManagement(cluster: ICluster): Rule<string> {
  const names = interfacesOfCluster(cluster);
  return (value) =>
    names.some((name) => value === name || value.startsWith(`${name}.`))
      ? {
          must: `not be an interface that carries the cluster itself (${names.join(", ")}), nor a VLAN on one`,
          use: "the nodes' second interface",
        }
      : undefined;
}

/** Adds each subnet that the cluster uses inside: the pod's route to net1 would hide a part of the cluster. */
export function checkClusterOverlap(
  faults: Faults,
  field: string,
  subnets: readonly string[],
  cluster: ICluster,
): void {
  const reserved = reservedSubnets(cluster);
  for (const text of subnets) {
    const subnet = parseSubnet(text);
    const hidden = reserved.find((other) => subnet && parseSubnet(other.cidr)?.overlaps(subnet));
    if (!hidden) continue;
    const must = `not overlap the cluster's ${hidden.what} ${hidden.cidr}`;
    faults.add(field, text, { must, use: "a subnet of the secondary network alone" });
  }
}

/** Whether a route takes all that no other route does. */
export function isDefaultRoute({ dst }: IpamRoute): boolean {
  return parseSubnet(dst)?.prefixLength === 0;
}

/** Adds each route that would take the pods' default route away from the cluster network. */
export function checkDefaultRoute(faults: Faults, field: string, routes: readonly IpamRoute[]): void {
  const stolen = routes.findIndex(isDefaultRoute);
  if (stolen < 0) return;
  faults.add(`${field}[${stolen}].dst`, routes[stolen]?.dst, {
    must: "not be a default route, which would take Services and DNS from the pods",
    use: "routes to the networks behind the gateway, or takesDefaultRoute: true",
  });
}

/** 1280 is IPv6's least MTU (RFC 8200, section 5); below it the kernel takes IPv6 off the interface. */
export function mtuForSubnets(subnets: readonly string[]): Rule<number> {
  return (value) =>
    value < 1280 && subnets.some((text) => parseSubnet(text)?.family === 6)
      ? { must: "be at least 1280 on a network with an IPv6 subnet", use: "1280 or more" }
      : undefined;
}

/** An interface cannot carry larger packets than the one it sits on. */
export function notAbove(limit: number | undefined, what: string): Rule<number> {
  return (value) =>
    limit !== undefined && value > limit
      ? { must: `not be above the ${what} ${limit}`, use: `${limit} or less` }
      : undefined;
}
