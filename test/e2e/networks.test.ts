/** On a lab that runs: namespaces that are adopted and given back, and networks as they come out inside pods. */
import { LabCommand, Story } from "./lab-command";
import { LiveLab } from "./live-stack";
import {
  attachedWorkloads,
  checkOn,
  insideOf,
  KINDS,
  networksOf,
  type Judged,
  type Kind,
  type PodInterface,
} from "./live-workloads";
import { ExistingCluster } from "../../constructs/cluster/existing-cluster";
import { AdoptedNamespace, type AdoptedNamespaceProps } from "../../constructs/namespace/adopted-namespace";
import { MulticastNamespace } from "../../constructs/namespace/multicast-namespace";
import { MacvlanMode } from "../../constructs/network/macvlan-mode";
import type { TerraformStack } from "../../constructs/private/terraform";

const lab = new LabCommand("e2e-networks");
const story = new Story();
const MINUTES = 60_000;
const UP_SECONDS = 2_400;
let live: LiveLab;

const OVN = "k8s.ovn.org/multicast-enabled";
const SDN = "netnamespace.network.openshift.io/multicast-enabled";

beforeAll(async () => {
  await lab.down();
  await lab.run(["--yes", "up"], { seconds: UP_SECONDS });
  live = await LiveLab.of(lab.name);
}, UP_SECONDS * 1000);
afterAll(async () => {
  live?.close();
  await lab.down();
}, 4 * MINUTES);

function clusterOf(stack: TerraformStack): ExistingCluster {
  return ExistingCluster.fromKubeconfig(stack, "Cluster", {
    kubeconfigPath: live.kubeconfig,
    distribution: "k3s",
    nodes: [
      { name: "server", role: "server" },
      { name: "agent", role: "agent" },
    ],
    managementInterfaces: ["eth0"],
  });
}

interface Metadata {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

async function metadataOf(kind: string, name: string): Promise<Metadata> {
  const { metadata } = await live.kubectl.json<{ metadata: Partial<Metadata> }>(["get", kind, name]);
  const { labels = {}, annotations = {} } = metadata;
  // What `kubectl apply` notes for itself.
  const others = Object.entries(annotations).filter(([key]) => !key.startsWith("kubectl.kubernetes.io/"));
  return { labels, annotations: Object.fromEntries(others) };
}

function namespaceObject(name: string, labels: object, annotations: object): object {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels, annotations } };
}

function adopt(namespaceName: string, props: Partial<AdoptedNamespaceProps>): (stack: TerraformStack) => void {
  return (stack) => void new AdoptedNamespace(stack, "Studio", { cluster: clusterOf(stack), namespaceName, ...props });
}

describe("a namespace that exists", () => {
  const given = { multicastSwitch: "ovn-kubernetes", labels: { team: "video" }, podSecurity: "baseline" } as const;

  test(
    "gets what it does not have, and is on destroy as it was",
    story.step(async () => {
      await live.put(namespaceObject("studio", { owner: "them" }, { note: "theirs" }));
      const before = await metadataOf("namespace", "studio");
      await live.apply("studio", adopt("studio", given));
      const { labels, annotations } = await metadataOf("namespace", "studio");
      expect(annotations).toEqual({ ...before.annotations, [OVN]: "true" });
      expect(labels).toMatchObject({
        ...before.labels,
        team: "video",
        "pod-security.kubernetes.io/enforce": "baseline",
      });
      expect(await live.isSettled("studio")).toBe(true);
      await live.destroy("studio");
      expect(await metadataOf("namespace", "studio")).toEqual(before);
    }),
  );

  test(
    "keeps on destroy what it had already",
    story.step(async () => {
      await live.put(namespaceObject("studio-on", { team: "video" }, { [OVN]: "true" }));
      const before = await metadataOf("namespace", "studio-on");
      await live.apply("studio-on", adopt("studio-on", given));
      expect((await metadataOf("namespace", "studio-on")).annotations).toEqual({ [OVN]: "true" });
      await live.destroy("studio-on");
      expect(await metadataOf("namespace", "studio-on")).toEqual(before);
    }),
  );

  test(
    "is refused where it has another value, which stays",
    story.step(async () => {
      await live.put(namespaceObject("studio-off", {}, { [OVN]: "false" }));
      const before = await metadataOf("namespace", "studio-off");
      const apply = live.apply("studio-off", adopt("studio-off", { multicastSwitch: "ovn-kubernetes" }));
      await expect(apply).rejects.toThrow(/[Ff]ield manager conflict[^]*k8s\.ovn\.org\/multicast-enabled/);
      await live.destroy("studio-off");
      expect(await metadataOf("namespace", "studio-off")).toEqual(before);
    }),
  );
});

describe("the switch of OpenShift SDN", () => {
  const netNamespace = (name: string, annotations: object = {}): object => ({
    apiVersion: "network.openshift.io/v1",
    kind: "NetNamespace",
    metadata: { name, annotations },
    netname: name,
    netid: 4711,
  });

  test(
    "is set in the NetNamespace, and on destroy is what it was",
    story.step(async () => {
      await live.put(netNamespaceCrd);
      await live.kubectl.text(["wait", "--for=condition=Established", `crd/${netNamespaceCrd.metadata.name}`]);
      for (const [name, before] of Object.entries({ absent: {}, off: { [SDN]: "false" }, on: { [SDN]: "true" } })) {
        await live.put(namespaceObject(`sdn-${name}`, {}, {}), netNamespace(`sdn-${name}`, before));
        await live.apply(name, adopt(`sdn-${name}`, { multicastSwitch: "openshift-sdn" }));
        expect((await metadataOf("netnamespace", `sdn-${name}`)).annotations).toMatchObject({ [SDN]: "true" });
        await live.destroy(name);
        expect((await metadataOf("netnamespace", `sdn-${name}`)).annotations).toEqual(before);
      }
    }),
  );

  test(
    "waits for the NetNamespace, which comes after its namespace",
    story.step(async () => {
      const applied = live.apply("late", (stack) => {
        const cluster = clusterOf(stack);
        new MulticastNamespace(stack, "Late", { cluster, namespaceName: "late", multicastSwitch: "openshift-sdn" });
      });
      await live.kubectl.text(["wait", "--for=create", "namespace/late", "--timeout=120s"]);
      await live.put(netNamespace("late"));
      await applied;
      expect((await metadataOf("netnamespace", "late")).annotations).toMatchObject({ [SDN]: "true" });
      await live.destroy("late");
    }),
  );
});

/** What of OpenShift SDN's own CRD matters here (openshift/api network/v1 NetNamespace). */
const netNamespaceCrd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "netnamespaces.network.openshift.io" },
  spec: {
    group: "network.openshift.io",
    names: { kind: "NetNamespace", plural: "netnamespaces", singular: "netnamespace" },
    scope: "Cluster",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["netname", "netid"],
            properties: { netname: { type: "string" }, netid: { type: "integer" } },
          },
        },
      },
    ],
  },
};

describe("the verdict of a deploy", () => {
  const judge = (network: Judged) =>
    live.apply("judged", (stack) => checkOn(stack, clusterOf(stack), lab.name, network));
  const uidOf = async (pod: string): Promise<string> =>
    (await live.kubectl.json<{ metadata: { uid: string } }>(["get", "pod", pod, "--namespace=judged"])).metadata.uid;
  const bridged: Judged = { master: "eth1", mode: MacvlanMode.BRIDGE };

  test(
    "is about the network as it is now",
    story.step(async () => {
      await judge(bridged);
      expect(await live.isSettled("judged")).toBe(true);
      // No two pods of one host reach each other.
      await expect(judge({ ...bridged, mode: MacvlanMode.PRIVATE })).rejects.toThrow(/same-node[^]*heard 0 of/);
      await judge(bridged);
      expect(await live.isSettled("judged")).toBe(true);
    }),
  );

  test(
    "is about the pods that are there now",
    story.step(async () => {
      const before = await uidOf("carries-verdict");
      await live.kubectl.text(["delete", "pod", "carries-sender", "--namespace=judged"]);
      await judge(bridged);
      expect(await uidOf("carries-verdict")).not.toBe(before);
      await live.destroy("judged");
    }),
  );
});

describe("networks inside the pods of one's own workloads", () => {
  const inside = {} as Record<Kind, Record<string, PodInterface>>;

  test(
    "a Deployment, a StatefulSet, a DaemonSet and a Pod are attached",
    story.step(async () => {
      await live.apply("plane", (stack) => attachedWorkloads(stack, networksOf(stack, clusterOf(stack)), lab.name));
      for (const kind of KINDS) inside[kind] = await insideOf(live, kind);
      for (const kind of KINDS) expect(Object.keys(inside[kind])).toEqual(expect.arrayContaining(["eth0", "net1"]));
    }),
  );

  test(
    "a macvlan network has the MTU, the queue, the flags and the settings that were asked for",
    story.step(async () => {
      expect(inside.deployment.net1).toMatchObject({
        mtu: 1400,
        txQueueLength: 5000,
        allmulti: true,
        promisc: true,
        rpFilter: "2",
        ipv4: expect.stringMatching(/^198\.18\.77\./) as string,
        routes: expect.arrayContaining(["224.0.0.0/4"]) as string[],
      });
    }),
  );

  test(
    "an attachment has the addresses, the MAC and the name that it chose",
    story.step(async () => {
      expect(inside.pod.data0).toMatchObject({
        mac: "02:00:00:00:77:01",
        ipv4: "198.18.78.254",
        ipv6: "fd00:78::9",
        routes: expect.arrayContaining(["224.0.0.0/4", "ff00::/8 metric 1"]) as string[],
      });
    }),
  );

  test(
    "a bridge network makes its bridge, and a network may sit on an interface inside the pod",
    story.step(async () => {
      expect(inside.daemonset.net1).toMatchObject({ ipv4: expect.stringMatching(/^198\.18\.79\./) as string });
      expect(await lab.exec("agent", "ip", "-details", "link", "show", "lab-br9")).toMatch(/bridge .*forward_delay/);
      expect(inside.statefulset.net2).toMatchObject({ mtu: 1300 });
    }),
  );

  test(
    "a plan finds nothing to change, and destroy leaves nothing",
    story.step(async () => {
      expect(await live.isSettled("plane")).toBe(true);
      await live.destroy("plane");
      expect(await live.kubectl.text(["get", "namespace", "plane", "--ignore-not-found"])).toBe("");
      // The plugin leaves its bridge, which the guard of each host would rightly find.
      for (const host of ["server", "agent"]) await lab.exec(host, "ip", "link", "delete", "lab-br9");
    }),
  );
});
