import { SshHost } from "../../constructs/cluster/ssh-host";
import { Testing } from "../../constructs/private/terraform";
import { K3sMedia, type K3sMediaProps, type MediaWay } from "../../stacks/k3s-media";
import type { LabExternal } from "../../stacks/lab-external";
import { allConfigsOf, networksOf, podsOf } from "../constructs/verification/check-objects";
import { faultsOf } from "../helpers/faults";
import { newStack, synthStack } from "../helpers/synth";
import { TestCluster } from "../helpers/test-cluster";

function props(): K3sMediaProps {
  return {
    cluster: new TestCluster(newStack("cluster")),
    statePath: "/srv/lab/media.tfstate",
    master: "eth1",
    range: { subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", rangeEnd: "10.20.0.99" },
    probeImage: "lab.local/probe:1",
  };
}

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJyv3i6S8tTh5h0b6n4cR6j0o0m1x2y3z4A5B6C7D8E9";
const outside: LabExternal = {
  ssh: SshHost.of("192.0.2.9", { user: "root", privateKeyPath: "~/.ssh/lab", hostKey, nodeName: "simulator" }),
  dataInterface: "eth1",
  address: "10.20.0.9/24",
};

function media(changes: Partial<K3sMediaProps> = {}) {
  return synthStack(new K3sMedia(Testing.app(), "media", { ...props(), ...changes }));
}

function podSecurityOf(synthesised: ReturnType<typeof media>): Record<string, string | undefined> {
  const namespaces = synthesised.all("kubernetes_namespace_v1") as {
    metadata: { name: string; labels: Record<string, string> };
  }[];
  return Object.fromEntries(
    namespaces.map(({ metadata: { name, labels } }) => [name, labels["pod-security.kubernetes.io/enforce"]]),
  );
}

type NamedAttachment = ReturnType<typeof networksOf>[number] & { readonly mac?: string };

const peers = ["media-6-server", "media-6-agent"];

test("with the required props six pods with Services run on each node, and pod 6 hears its peer", () => {
  const synthesised = media();
  const names = ["server", "agent"].flatMap((node) => [1, 2, 3, 4, 5, 6].map((pod) => `media-${pod}-${node}`));
  const services = synthesised.all("kubernetes_service_v1") as { metadata: { name: string } }[];
  expect(services.map(({ metadata }) => metadata.name).sort()).toEqual([...names].sort());
  expect(Object.keys(podsOf(synthesised))).toEqual(expect.arrayContaining(names));
  const configs = allConfigsOf(synthesised);
  const asked = configs.flatMap((config) => (config.mode === "service-ask" ? config.services : []));
  const hears = asked.filter((service) => service.hears.length > 0).map((service) => [service.name, service.hears]);
  expect(hears).toEqual([
    ["media-6-server", ["media-6-agent"]],
    ["media-6-agent", ["media-6-server"]],
  ]);
  const senders = configs.flatMap((config) => (config.mode === "answer" && config.sends ? config.name : []));
  expect(senders.sort()).toEqual([...peers].sort());
});

test.each<MediaWay>(["attached", "hybrid"])(
  "the way %s gives pod 6 a static address and the MAC that holds it",
  (way) => {
    const pods = podsOf(media({ way }));
    const attachments = peers.flatMap((name) => networksOf(pods[name]!)) as NamedAttachment[];
    expect(attachments).toHaveLength(2);
    for (const { ips, mac } of attachments) {
      const octets = (ips?.[0]?.split("/")[0] ?? "")
        .split(".")
        .map((octet) => Number(octet).toString(16).padStart(2, "0"));
      expect(mac).toBe(["02", "4d", ...octets].join(":"));
    }
    expect(networksOf(pods["media-5-server"]!)).toEqual([]);
  },
);

test("the way hostNetwork puts pod 6 on its node's network and installs neither Multus nor a network", () => {
  const synthesised = media({ way: "hostNetwork" });
  const pods = podsOf(synthesised);
  for (const name of peers) expect(pods[name]?.spec).toMatchObject({ host_network: true });
  expect(pods["media-5-server"]?.spec).not.toHaveProperty("host_network");
  expect(synthesised.objects("NetworkAttachmentDefinition")).toEqual([]);
  expect(synthesised.only("kubernetes_namespace_v1")).toMatchObject({
    metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
  });
});

test("every prop reaches the objects", () => {
  const all: Required<K3sMediaProps> = {
    ...props(),
    statePath: "/srv/lab/media.tfstate",
    master: "ens19",
    range: { subnet: "10.30.0.0/24" },
    way: "attached",
    otherWays: ["hybrid"],
    external: outside,
    namespaceName: "studio",
    probeImage: "registry.example.com/probe:2",
    multusImage: "registry.example.com/multus:3",
    usesExistingMultus: false,
  };
  const synthesised = media(all);
  expect(synthesised.nad("plane")).toMatchObject({ type: "macvlan", master: "ens19", ipam: { type: "static" } });
  const pod = podsOf(synthesised)["media-6-agent"];
  expect(pod).toMatchObject({ metadata: { namespace: "studio" } });
  expect(pod?.spec.container[0]?.image).toBe("registry.example.com/probe:2");
  expect(networksOf(pod!)[0]?.ips?.[0]).toMatch(/^10\.30\.0\.\d+\/24$/);
  expect(JSON.stringify(synthesised.only("kubernetes_daemon_set_v1"))).toContain("registry.example.com/multus:3");
});

test("the simulator outside the cluster sends to every node, and its verdict has an address on the plane", () => {
  const synthesised = media({ external: outside });
  const configs = allConfigsOf(synthesised);
  const [judge] = configs.flatMap((config) =>
    config.mode === "verdict" && config.report.check === "simulator-is-heard" ? [config] : [],
  );
  expect(judge?.sender).toMatchObject({ node: "simulator", outlet: { address: "10.20.0.9" } });
  const heard = judge?.receivers.filter(({ expect: must }) => must === "heard");
  expect(heard?.map(({ node, unicast }) => [node, unicast])).toEqual([
    ["server", "heard"],
    ["agent", "heard"],
  ]);
  expect(networksOf(podsOf(synthesised)["simulator-is-heard-verdict"]!)).toHaveLength(1);
});

test("each other way has peers with Services of its own; those of hostNetwork are in a namespace of their own", () => {
  const synthesised = media({ otherWays: ["attached", "hostNetwork"] });
  const pods = podsOf(synthesised);
  expect(networksOf(pods["media-attached-agent"]!)).toHaveLength(1);
  const ofHost = pods["media-hostnetwork-agent"];
  expect(ofHost).toMatchObject({ metadata: { namespace: "media-hostnetwork" }, spec: { host_network: true } });
  expect(podSecurityOf(synthesised)).toMatchObject({ media: "restricted", "media-hostnetwork": "privileged" });
  const asking = allConfigsOf(synthesised).flatMap((config) => (config.mode === "service-ask" ? [config] : []));
  const hears = asking.map(({ report, services }) => [report.check, services.at(-1)?.hears]).sort();
  expect(hears).toEqual([
    ["services-answer", ["media-6-server"]],
    ["services-answer-attached", ["media-attached-server"]],
    ["services-answer-hostnetwork", ["media-hostnetwork-server"]],
  ]);
  const groups = new Set(asking.map(({ destination }) => destination.group));
  expect(groups.size).toBe(asking.length);
});

test("fails if a way is named twice", () => {
  expect(faultsOf(() => media({ otherWays: ["hybrid"] }))).toEqual([
    '[media] otherWays must name each way once, and not that of pod 6, got ["hybrid"]; use the other ways',
  ]);
});

test("fails if a way is none that there is", () => {
  const unknown = "bridged" as MediaWay;
  expect(faultsOf(() => media({ way: unknown, otherWays: [unknown] })).join()).toMatch(
    /\[media\] way must be one that there is, got "bridged"; use hybrid or attached or hostNetwork/,
  );
});

test("fails if there is a simulator and no network", () => {
  expect(faultsOf(() => media({ way: "hostNetwork", external: outside }))).toEqual([
    '[media] external must be left out where no pod is on the macvlan network, got "192.0.2.9"; use the way "hybrid" or "attached"',
  ]);
});

test("fails if the range has no address for each pod", () => {
  const range = { subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", rangeEnd: "10.20.0.52" };
  expect(faultsOf(() => media({ range })).join()).toContain("ipam must have an address for each pod of the checks");
});
