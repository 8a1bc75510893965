import { existsSync } from "node:fs";
import { run, succeeds } from "../system/commands";
import type { Lab, LabHost } from "./layout";

/** How to make the lab's network: lines for `ip -batch` on the machine, then for `ip -batch` in namespaces. */
interface NetworkPlan {
  readonly onMachine: readonly string[];
  readonly inNetns: ReadonlyMap<string, readonly string[]>;
}

/**
 * All bridges live in a namespace of their own, not on the machine: with br_netfilter (Docker loads it) bridged
 * frames pass the machine's FORWARD chain, whose policy Docker sets to DROP, and the lab's data plane would depend on it.
 * https://docs.docker.com/engine/network/packet-filtering-firewalls/
 *
 * The data bridge snoops and queries, as a well-configured switch does. Snooping without a querier forgets members after
 * 260 s (RFC 9776, group membership interval); a querier of version 2 would push hosts into IGMPv2 compatibility, where
 * source-specific joins are lost, hence versions 3 and MLD 2.
 * https://docs.kernel.org/networking/bridge.html#multicast
 */
export function networkPlan(lab: Lab): NetworkPlan {
  const inNetns = new Map<string, string[]>();
  const switchLines = [
    "link set lo up",
    "link add management type bridge",
    ...dataBridges(lab).flatMap((bridge) => [
      `link add ${bridge} type bridge mcast_snooping 1 mcast_querier 1 mcast_igmp_version 3 mcast_mld_version 2`,
      `link set ${bridge} up`,
    ]),
    "link set management up",
    ...clusterBridge(lab),
    "link set uplink master management up",
  ];
  for (const host of lab.hosts) {
    switchLines.push(...cable(host, `m-${host.name}`, host.managementInterface, "management"));
    host.dataInterfaces.forEach((name, plane) =>
      switchLines.push(...cable(host, `d${plane || ""}-${host.name}`, name, `data${plane || ""}`)),
    );
    const { clusterNic } = host;
    if (clusterNic) switchLines.push(...cable(host, `c-${host.name}`, clusterNic.interface, "cluster"));
    inNetns.set(host.netns, [
      "link set lo up",
      `address add ${host.address}/24 dev ${host.managementInterface}`,
      `link set ${host.managementInterface} up`,
      ...host.dataInterfaces.map((name) => `link set ${name} up`),
      ...(clusterNic ? [`link set ${clusterNic.interface} up`] : []),
      `route add default via ${lab.gateway}`,
    ]);
  }
  return {
    onMachine: [
      `netns add ${lab.switchNetns}`,
      ...lab.hosts.map((host) => `netns add ${host.netns}`),
      `link add ${lab.machineInterface} type veth peer name uplink netns ${lab.switchNetns}`,
      `address add ${lab.gateway}/24 dev ${lab.machineInterface}`,
      `link set ${lab.machineInterface} up`,
    ],
    // The switch comes first: the hosts' interfaces are ends of its cables.
    inNetns: new Map([[lab.switchNetns, switchLines], ...inNetns]),
  };
}

/** From a bridge to one interface of a host. */
function cable({ netns }: LabHost, port: string, name: string, bridge: string): string[] {
  return [`link add ${port} type veth peer name ${name} netns ${netns}`, `link set ${port} master ${bridge} up`];
}

/** A plain switch, where the cluster has a network of its own: what it carries are tunnels. */
function clusterBridge({ clusterNetwork }: Lab): string[] {
  if (clusterNetwork === "flannel") return [];
  return ["link add cluster type bridge mcast_snooping 0", "link set cluster up"];
}

/** One bridge for each data network. */
function dataBridges({ planes }: Lab): string[] {
  return Array.from({ length: planes }, (_, plane) => `data${plane || ""}`);
}

/** Makes namespaces, bridges and interfaces; rejects when any of them exists already. */
export async function createNetwork(lab: Lab): Promise<void> {
  const plan = networkPlan(lab);
  await run("ip", ["-batch", "-"], { input: plan.onMachine.join("\n") });
  for (const [netns, lines] of plan.inNetns) {
    await run("ip", ["-netns", netns, "-batch", "-"], { input: lines.join("\n") });
  }
}

/**
 * Removes what {@link createNetwork} made, whatever there is of it. The kernel frees a namespace in the background, but
 * deleting one end of a cable is immediate, so nothing of the lab is on the machine when this resolves.
 */
export async function removeNetwork(lab: Lab): Promise<void> {
  await succeeds("ip", ["link", "delete", lab.machineInterface]);
  for (const netns of labNamespaces(lab)) {
    if (existsSync(`/run/netns/${netns}`)) {
      await run("ip", ["netns", "delete", netns]);
    }
  }
}

/** The network namespaces of a lab. */
export function labNamespaces(lab: Lab): string[] {
  return [lab.switchNetns, ...lab.hosts.map((host) => host.netns)];
}
