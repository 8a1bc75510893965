import { SshHost } from "../../constructs/cluster/ssh-host";
import { Testing } from "../../constructs/private/terraform";
import { OfflinePlanes, type OfflinePlane, type OfflinePlanesProps } from "../../stacks/offline-planes";
import type { LabExternal } from "../../stacks/lab-external";
import { allConfigsOf, networksOf, podsOf } from "../constructs/verification/check-objects";
import { faultsOf } from "../helpers/faults";
import { newStack, stored, synthStack } from "../helpers/synth";
import { TestCluster } from "../helpers/test-cluster";

const conf: OfflinePlane = {
  networkName: "macvlan-conf",
  master: "ens33",
  range: {
    subnet: "192.168.174.0/24",
    rangeStart: "192.168.174.200",
    rangeEnd: "192.168.174.216",
    gateway: "192.168.174.2",
  },
};
const storage: OfflinePlane = { networkName: "storage", master: "ens34.120", range: { subnet: "192.168.175.0/24" } };

const outside: LabExternal = {
  ssh: SshHost.of("192.0.2.9", {
    user: "root",
    privateKeyPath: "~/.ssh/lab",
    hostKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJyv3i6S8tTh5h0b6n4cR6j0o0m1x2y3z4A5B6C7D8E9",
    nodeName: "desk",
  }),
  dataInterface: "eth1",
  address: "192.168.174.9/24",
};

function planes(changes: Partial<OfflinePlanesProps> = {}) {
  return synthStack(
    new OfflinePlanes(Testing.app(), "planes", {
      cluster: new TestCluster(newStack("cluster")),
      statePath: "/srv/lab/planes.tfstate",
      planes: [conf, storage],
      probeImage: "lab.local/probe:1",
      multusImage: "lab.local/multus:1",
      ...changes,
    }),
  );
}

test("each plane is a network of its own with the route for multicast and without a default route", () => {
  const synthesised = planes();
  expect(synthesised.nad("macvlan-conf")).toMatchObject({
    master: "ens33",
    mode: "bridge",
    ipam: { type: "host-local", ranges: [[conf.range]], routes: [{ dst: "224.0.0.0/4", gw: "0.0.0.0" }] },
  });
  expect(synthesised.nad("storage")).toMatchObject({ master: "ens34.120" });
});

test("the Deployment joins the first plane by annotation, with an address of its own", () => {
  const { spec } = planes().only("kubernetes_deployment_v1") as {
    spec: { template: { metadata: { annotations: Record<string, string> } } };
  };
  const text = stored(spec.template.metadata.annotations["k8s.v1.cni.cncf.io/networks"] ?? "");
  expect(JSON.parse(text)).toEqual([
    { name: "macvlan-conf", namespace: "planes", interface: "net1", ips: ["192.168.174.214/24"] },
  ]);
});

test("pods of a plane must hear each other and nobody else; a pod without a plane must hear nobody", () => {
  const asked = allConfigsOf(planes()).flatMap((config) => (config.mode === "service-ask" ? config.services : []));
  expect(Object.fromEntries(asked.map(({ name, hears }) => [name, hears]))).toEqual({
    "macvlan-conf-1": ["macvlan-conf-2", "existing-application"],
    "macvlan-conf-2": ["macvlan-conf-1", "existing-application"],
    "existing-application": ["macvlan-conf-1", "macvlan-conf-2"],
    "storage-1": ["storage-2"],
    "storage-2": ["storage-1"],
    "cluster-network-only": [],
  });
});

test("every prop reaches the objects", () => {
  const third: OfflinePlane = { networkName: "third", master: "ens35", range: { subnet: "192.168.176.0/24" } };
  const synthesised = planes({
    planes: [conf, storage, third],
    namespaceName: "offline",
    external: outside,
    probeImage: "registry.example.com/probe:2",
    multusImage: "registry.example.com/multus:3",
  });
  const pod = podsOf(synthesised)["third-2"];
  expect(pod).toMatchObject({ metadata: { namespace: "offline" } });
  expect(pod?.spec.container[0]?.image).toBe("registry.example.com/probe:2");
  expect(networksOf(pod!)).toEqual([expect.objectContaining({ name: "third", namespace: "offline" })]);
  expect(JSON.stringify(synthesised.only("kubernetes_daemon_set_v1"))).toContain("registry.example.com/multus:3");
});

test("a machine outside sends to pods of the first plane, by unicast too, and hears that plane", () => {
  const judged = allConfigsOf(planes({ external: outside })).flatMap((config) =>
    config.mode === "verdict" ? [config] : [],
  );
  const reached = judged.find(({ report }) => report.check === "outside-reaches-net1");
  expect(reached).toMatchObject({ network: { name: "macvlan-conf" }, sender: { node: "desk" } });
  expect(reached?.receivers.map(({ node, expect: must, unicast }) => [node, must, unicast])).toEqual([
    ["server", "heard", "heard"],
    ["agent", "heard", "heard"],
  ]);
  const listening = judged.flatMap(({ report, receivers }) =>
    receivers.filter(({ outlet }) => outlet).map(({ expect: must, unicast }) => [report.check, must, unicast]),
  );
  expect(listening).toEqual([["macvlan-conf-carries", "heard", "heard"]]);
});

test("fails if two planes have one interface", () => {
  const other = { ...storage, master: "ens33" };
  expect(faultsOf(() => planes({ planes: [conf, other] }))).toEqual([
    '[planes] planes[1].master must not be that of macvlan-conf, or the two are one plane, got "ens33"; use another interface, or a VLAN on it',
  ]);
});
