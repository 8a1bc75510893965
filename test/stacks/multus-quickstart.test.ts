import { Testing } from "../../constructs/private/terraform";
import { MultusQuickstart, type MultusQuickstartProps } from "../../stacks/multus-quickstart";
import { networksOf, podsOf } from "../constructs/verification/check-objects";
import { newStack, synthStack } from "../helpers/synth";
import { TestCluster } from "../helpers/test-cluster";

const range = { subnet: "192.168.1.0/24", rangeStart: "192.168.1.200", rangeEnd: "192.168.1.216" };

function quickstart(changes: Partial<MultusQuickstartProps> = {}) {
  const cluster = new TestCluster(newStack("cluster"));
  const probeImage = "lab.local/probe:1";
  const props = { cluster, statePath: "/srv/lab/quickstart.tfstate", master: "eth1", range, probeImage, ...changes };
  return synthStack(new MultusQuickstart(Testing.app(), "quickstart", props));
}

test("samplepod has the network once and samplepod-twice twice, each with an address of its own", () => {
  const pods = podsOf(quickstart());
  const attachments = ["samplepod", "samplepod-twice"].map((name) => networksOf(pods[name]!));
  expect(attachments.map((each) => each.map(({ name }) => name))).toEqual([
    ["macvlan-conf"],
    ["macvlan-conf", "macvlan-conf"],
  ]);
  const addresses = attachments.flat().flatMap(({ ips = [] }) => ips);
  expect(new Set(addresses).size).toBe(3);
  expect(attachments[1]).toMatchObject([{ interface: "net1" }, { interface: "net2" }]);
});

test("macvlan-conf is the document's, but for its default route", () => {
  expect(quickstart().nad("macvlan-conf")).toMatchObject({
    type: "macvlan",
    master: "eth1",
    mode: "bridge",
    ipam: { type: "host-local", ranges: [[range]], routes: [{ dst: "224.0.0.0/4", gw: "0.0.0.0" }] },
  });
});

test("every prop reaches the objects", () => {
  const synthesised = quickstart({
    master: "ens19",
    namespaceName: "first-steps",
    probeImage: "registry.example.com/probe:2",
    multusImage: "registry.example.com/multus:3",
  });
  const pod = podsOf(synthesised).samplepod;
  expect(pod).toMatchObject({ metadata: { namespace: "first-steps" } });
  expect(pod?.spec.container[0]?.image).toBe("registry.example.com/probe:2");
  expect(synthesised.nad("macvlan-conf")).toMatchObject({ master: "ens19" });
  expect(JSON.stringify(synthesised.only("kubernetes_daemon_set_v1"))).toContain("registry.example.com/multus:3");
});
