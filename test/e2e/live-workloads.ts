import { readFileSync } from "node:fs";
import path from "node:path";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { StatefulSetV1 } from "@cdktf/provider-kubernetes/lib/stateful-set-v1";
import type { LiveLab } from "./live-stack";
import type { ICluster } from "../../constructs/cluster/cluster";
import { providersOf } from "../../constructs/cluster/cluster";
import { Multus } from "../../constructs/multus/multus";
import { MulticastNamespace } from "../../constructs/namespace/multicast-namespace";
import { Attachment } from "../../constructs/network/attachment";
import { BridgeNetwork } from "../../constructs/network/bridge-network";
import { Ipam } from "../../constructs/network/ipam";
import { MacvlanNetwork, type MacvlanNetworkProps } from "../../constructs/network/macvlan-network";
import { DaemonSetV1, PodV1 } from "../../constructs/private/kubernetes";
import type { TerraformStack } from "../../constructs/private/terraform";
import { MulticastCheck } from "../../constructs/verification/multicast-check";
import { MulticastGroup } from "../../constructs/verification/multicast-group";
import { leastRights, restrictedContainer } from "../../constructs/verification/pod-spec";
import { attach } from "../../constructs/workload/attach";
import { labHome } from "../../embedded/hosts";

/** The workloads, by what kubectl calls them. */
export const KINDS = ["deployment", "statefulset", "daemonset", "pod"] as const;

/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** An interface as a program in the pod sees it. */
export interface PodInterface {
  readonly mtu: number;
  readonly txQueueLength: number;
  readonly mac: string;
  readonly allmulti: boolean;
  readonly promisc: boolean;
  readonly rpFilter: string;
  readonly ipv4?: string;
  /** The first that is not link-local. */
  readonly ipv6?: string;
  /** Multicast routes out of the interface that were given to it and not made by the kernel. */
  readonly routes: readonly string[];
}

type Networks = ReturnType<typeof networksOf>;

/** Networks of each kind that this kernel may have, in a namespace of their own. */
export function networksOf(stack: TerraformStack, cluster: ICluster) {
  const multus = Multus.fromCluster(stack, "Multus", { cluster });
  const namespace = new MulticastNamespace(stack, "Plane", { cluster, namespaceName: "plane" });
  const common = { multus, namespace };
  return {
    tuned: new MacvlanNetwork(stack, "Tuned", {
      ...common,
      master: "eth1",
      mtu: 1400,
      masterMtu: 1500,
      ipam: Ipam.hostLocal({ subnet: "198.18.77.0/24" }),
      tuning: {
        allmulti: true,
        promisc: true,
        txQLen: 5000,
        sysctls: { "net.ipv4.conf.IFNAME.rp_filter": "2" },
      },
    }),
    dual: new MacvlanNetwork(stack, "Dual", {
      ...common,
      master: "eth1",
      ipam: Ipam.static({ ranges: [{ subnet: "198.18.78.0/24" }, { subnet: "fd00:78::/64", rangeEnd: "fd00:78::9" }] }),
    }),
    bridge: new BridgeNetwork(stack, "Bridge", {
      ...common,
      bridge: "lab-br9",
      ipam: Ipam.hostLocal({ subnet: "198.18.79.0/24" }),
    }),
    inner: new MacvlanNetwork(stack, "Inner", {
      ...common,
      master: "net1",
      linkInContainer: true,
      mtu: 1300,
      ipam: Ipam.none(),
    }),
  };
}

/** One workload of each kind, attached. */
export function attachedWorkloads(stack: TerraformStack, networks: Networks, labName: string): void {
  const { tuned, dual, bridge, inner } = networks;
  const provider = providersOf(stack, tuned.namespace.cluster).kubernetes;
  const metadata = (app: Kind) => ({ name: app, namespace: "plane", labels: { app } });
  const spec = podSpec(tuned.namespace.cluster, labName);
  const set = (app: Kind) => ({
    selector: { matchLabels: { app } },
    template: { metadata: { labels: { app } }, spec },
  });
  const common = (app: Kind) => ({ provider, metadata: metadata(app), spec: set(app), timeouts: { create: "90s" } });
  attach(new DeploymentV1(stack, "Deployment", common("deployment")), [Attachment.of(tuned)]);
  const stateful = { ...common("statefulset"), spec: { ...set("statefulset"), serviceName: "statefulset" } };
  attach(new StatefulSetV1(stack, "StatefulSet", stateful), [Attachment.of(tuned), Attachment.of(inner)]);
  attach(new DaemonSetV1(stack, "DaemonSet", common("daemonset")), [Attachment.of(bridge)]);
  const chosen = Attachment.of(dual, {
    ips: dual.nextAddresses(),
    mac: "02:00:00:00:77:01",
    interfaceName: "data0",
  });
  const pod = new PodV1(stack, "Pod", { provider, metadata: metadata("pod"), spec });
  attach(pod, [Attachment.of(tuned), chosen]);
}

/** A check of the usual receivers on a macvlan network of a mode. */
export function checkOn(stack: TerraformStack, cluster: ICluster, labName: string, network: Judged): void {
  const multus = Multus.fromCluster(stack, "Multus", { cluster });
  const namespace = new MulticastNamespace(stack, "Judged", { cluster, namespaceName: "judged" });
  const ipam = Ipam.hostLocal({ subnet: "198.18.76.0/24" });
  const plane = new MacvlanNetwork(stack, "Plane", { multus, namespace, ipam, ...network });
  const group = MulticastGroup.of("239.1.76.1", { port: 5004 });
  const image = probeImageOf(labName);
  new MulticastCheck(stack, "Carries", { network: plane, group, image, windowSeconds: 3, deadlineSeconds: 15 });
}

/** What a test changes in the network of {@link checkOn}. */
export type Judged = Pick<MacvlanNetworkProps, "master" | "mode">;

/** The image that the lab's own checks run in. */
function probeImageOf(labName: string): string {
  const inventory = path.join(labHome(), "labs", labName, "inventory.json");
  const { images } = JSON.parse(readFileSync(inventory, "utf8")) as { images: { probe: string } };
  return images.probe;
}

function podSpec(cluster: ICluster, labName: string) {
  const image = probeImageOf(labName);
  const command = ["node", "-e", "process.on('SIGTERM', process.exit); setInterval(() => 0, 1e6)"];
  return {
    securityContext: leastRights(cluster).securityContext,
    terminationGracePeriodSeconds: 1,
    container: [restrictedContainer({ image, command })],
  };
}

/** Prints what the pod's kernel says of its interfaces; runs inside the pod. */
const LOOK = `
const fs = require("fs");
const read = (file) => { try { return fs.readFileSync(file, "utf8").trim(); } catch { return ""; } };
const rows = (file) => read(file).split("\\n").map((line) => line.trim().split(/\\s+/));
const addresses = require("os").networkInterfaces();
const all = {};
for (const name of fs.readdirSync("/sys/class/net")) {
  const at = "/sys/class/net/" + name + "/";
  const flags = Number(read(at + "flags"));
  const own = addresses[name] ?? [];
  const find = (family) => own.find((each) => each.family === family && !/^fe80/.test(each.address))?.address;
  const routes = rows("/proc/net/route")
    .filter(([device, dst, , , , , , mask]) => device === name && dst === "000000E0" && mask === "000000F0")
    .map(() => "224.0.0.0/4");
  const routes6 = rows("/proc/net/ipv6_route")
    .filter(([dst, bits, , , , metric, , , , device]) => device === name && /^ff0{30}$/.test(dst) && bits === "08" && metric !== "00000100")
    .map(([, , , , , metric]) => "ff00::/8 metric " + parseInt(metric, 16));
  all[name] = {
    mtu: Number(read(at + "mtu")),
    txQueueLength: Number(read(at + "tx_queue_len")),
    mac: read(at + "address"),
    allmulti: (flags & 0x200) !== 0,
    promisc: (flags & 0x100) !== 0,
    rpFilter: read("/proc/sys/net/ipv4/conf/" + name + "/rp_filter"),
    ipv4: find("IPv4"),
    ipv6: find("IPv6"),
    routes: [...routes, ...routes6],
  };
}
console.log(JSON.stringify(all));
`;

/** The interfaces of one pod of a workload, once that pod runs. */
export async function insideOf({ kubectl }: LiveLab, kind: Kind): Promise<Record<string, PodInterface>> {
  const running = ["wait", "--namespace=plane", "--for=condition=Ready", "pod", `--selector=app=${kind}`];
  await kubectl.text([...running, "--timeout=60s"]);
  const list = ["get", "pods", "--namespace=plane", `--selector=app=${kind}`];
  const { items } = await kubectl.json<{ items: { metadata: { name: string } }[] }>(list);
  const exec = ["exec", "--namespace=plane", items[0]!.metadata.name, "--", "node", "-e", LOOK];
  return JSON.parse(await kubectl.text(exec)) as Record<string, PodInterface>;
}
