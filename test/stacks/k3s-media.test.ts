import { Testing } from "../../constructs/private/terraform";
import { K3sMedia, type K3sMediaProps, type MediaWay } from "../../stacks/k3s-media";
import { configsOf, networksOf, podsOf } from "../constructs/verification/check-objects";
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

function media(changes: Partial<K3sMediaProps> = {}) {
  return synthStack(new K3sMedia(Testing.app(), "media", { ...props(), ...changes }));
}

type NamedAttachment = ReturnType<typeof networksOf>[number] & { readonly mac?: string };

const peers = ["media-6-server", "media-6-agent"];

test("with the required props six pods with Services run on each node, and pod 6 hears its peer", () => {
  const synthesised = media();
  const names = ["server", "agent"].flatMap((node) => [1, 2, 3, 4, 5, 6].map((pod) => `media-${pod}-${node}`));
  const services = synthesised.all("kubernetes_service_v1") as { metadata: { name: string } }[];
  expect(services.map(({ metadata }) => metadata.name).sort()).toEqual([...names].sort());
  expect(Object.keys(podsOf(synthesised))).toEqual(expect.arrayContaining(names));
  const configs = Object.values(configsOf(synthesised));
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
    master: "ens19",
    range: { subnet: "10.30.0.0/24" },
    way: "attached",
    namespaceName: "studio",
    probeImage: "registry.example.com/probe:2",
    multusImage: "registry.example.com/multus:3",
  };
  const synthesised = media(all);
  expect(synthesised.nad("plane")).toMatchObject({ type: "macvlan", master: "ens19", ipam: { type: "static" } });
  const pod = podsOf(synthesised)["media-6-agent"];
  expect(pod).toMatchObject({ metadata: { namespace: "studio" } });
  expect(pod?.spec.container[0]?.image).toBe("registry.example.com/probe:2");
  expect(networksOf(pod!)[0]?.ips?.[0]).toMatch(/^10\.30\.0\.\d+\/24$/);
  expect(JSON.stringify(synthesised.only("kubernetes_daemon_set_v1"))).toContain("registry.example.com/multus:3");
});

test("fails if the range has no address for each pod", () => {
  const range = { subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", rangeEnd: "10.20.0.52" };
  expect(faultsOf(() => media({ range })).join()).toContain("ipam must have an address for each pod of the checks");
});
