import { pluginsOf, type CniConfig, type CniPluginConfig } from "./cni-config";
import type { IpamRange, IpamRoute } from "./ipam-range";
import { rangesOf } from "./ipam-rules";
import { checkClusterOverlap, checkDefaultRoute, isDefaultRoute, notManagement } from "./network-rules";
import { checkRangesOnLinks } from "./use-of-links";
import type { ICluster } from "../cluster/cluster";
import { parseSubnet } from "../private/ip-range";
import type { Faults } from "../private/validate";

/** What a configuration that somebody wrote says of its addresses, as far as its IPAM's fields are known here. */
export interface ConfigAddresses {
  /** Subnets in CIDR notation. */
  readonly subnets: readonly string[];
  /** Whether a route of the configuration is a default route. */
  readonly takesDefaultRoute: boolean;
}

/** Reads host-local's and whereabouts' fields. */
export function addressesOf(config: CniConfig): ConfigAddresses {
  const plugins = pluginsOf(config);
  return {
    subnets: [...new Set(plugins.flatMap(configRanges).map(({ subnet }) => subnet))],
    takesDefaultRoute: plugins.flatMap(configRoutes).some(isDefaultRoute),
  };
}

/** Field that names the interface on the node, by plugin (https://www.cni.dev/plugins/current/main/). */
const linkFields: ReadonlyMap<string, string> = new Map(
  Object.entries({
    macvlan: "master",
    ipvlan: "master",
    vlan: "master",
    bridge: "bridge",
    "host-device": "device",
  }),
);

/** Adds what a configuration that somebody wrote would do to the cluster's own network and to other networks. */
export function checkConfigOnCluster(
  faults: Faults,
  config: CniConfig,
  cluster: ICluster,
  takesDefaultRoute: boolean,
): void {
  checkClusterOverlap(faults, "config.ipam", addressesOf(config).subnets, cluster);
  pluginsOf(config).forEach((plugin, index) => {
    const field = "plugins" in config ? `config.plugins[${index}]` : "config";
    if (!takesDefaultRoute) checkDefaultRoute(faults, `${field}.ipam.routes`, configRoutes(plugin));
    const link = linkOf(plugin);
    if (link === undefined || plugin.linkInContainer === true) return;
    faults.check(`${field}.${linkFields.get(plugin.type)}`, link, named(plugin.type), notManagement(cluster));
    checkRangesOnLinks(faults, cluster, [link], rangesOf(configRanges(plugin)), `${field}.ipam`);
  });
}

/** Name of the interface that the plugin takes; empty where it would look for one itself. */
function linkOf(plugin: CniPluginConfig): string | undefined {
  const field = linkFields.get(plugin.type);
  if (field === undefined) return undefined;
  const link = plugin[field];
  if (typeof link === "string") return link;
  // A host-device may be named by MAC or PCI address; a bridge has a name of its own (plugins/main/bridge `defaultBrName`).
  if (plugin.type === "host-device") return undefined;
  return plugin.type === "bridge" ? "cni0" : "";
}

function named(type: string) {
  return (link: string) =>
    link === ""
      ? { must: `be named: ${type} else takes the interface of the node's default route`, use: 'a name like "eth1"' }
      : undefined;
}

function configRanges(plugin: CniPluginConfig): IpamRange[] {
  const { ipam } = plugin;
  if (!isObject(ipam)) return [];
  const own = [ipam, ...objectsIn(ipam.ranges), ...objectsIn(ipam.ipRanges)];
  return own.flatMap((range) => {
    const subnet = range.subnet ?? range.range;
    if (typeof subnet !== "string" || !parseSubnet(subnet)) return [];
    return [{ subnet, rangeStart: text(range.rangeStart), rangeEnd: text(range.rangeEnd) }];
  });
}

function configRoutes({ ipam }: CniPluginConfig): IpamRoute[] {
  if (!isObject(ipam)) return [];
  return objectsIn(ipam.routes).map(({ dst }) => ({ dst: text(dst) ?? "" }));
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.flat().filter(isObject) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
