import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { belongsToLab } from "../../../embedded/hosts/audit";
import { labLayout, USUAL_HOSTS } from "../../../embedded/hosts/layout";
import { networkPlan } from "../../../embedded/hosts/network";
import { nspawnArguments } from "../../../embedded/hosts/nspawn";
import { describeWith } from "../../helpers/needs";

const FILES = path.join(__dirname, "../../../embedded/hosts/ovn-kubernetes");
const UNITS = path.join(FILES, "etc/systemd/system");
const lab = labLayout("demo", 2, "/h", { ...USUAL_HOSTS, clusterNetwork: "ovn-kubernetes" });
const plain = labLayout("demo", 2, "/h");

describe("hosts of a cluster on OVN-Kubernetes", () => {
  it("have a NIC that is the cluster's alone, those outside the cluster have none", () => {
    expect(lab.hosts.map(({ clusterNic }) => clusterNic?.address)).toEqual([
      "198.18.130.11",
      "198.18.130.12",
      undefined,
    ]);
    expect(plain.hosts.map(({ clusterNic }) => clusterNic)).toEqual([undefined, undefined, undefined]);
  });

  it("are cabled to a switch of their own", () => {
    const cables = networkPlan(lab).inNetns.get(lab.switchNetns) ?? [];
    expect(cables.filter((line) => line.endsWith("master cluster up"))).toEqual([
      "link set c-server master cluster up",
      "link set c-agent master cluster up",
    ]);
    expect(networkPlan(lab).inNetns.get("ml2-server")).toContain("link set cluster0 up");
    expect(networkPlan(plain).inNetns.get(plain.switchNetns)?.join("\n")).not.toContain("cluster");
  });

  it("leave addresses that the audit knows", () => {
    expect(belongsToLab("route 198.18.130.0/24 dev br-ex", lab)).toBe(true);
    expect(belongsToLab("route 198.18.131.0/24 dev br-ex", lab)).toBe(false);
  });

  it("run the bundle's programs from where they are, and cannot change them", () => {
    const programs = [{ source: "/bundle/bin/ovnkube", target: "/usr/local/libexec/ovn-kubernetes/ovnkube" }];
    expect(nspawnArguments(lab.hosts[0]!, programs)).toContain(
      "--bind-ro=/bundle/bin/ovnkube:/usr/local/libexec/ovn-kubernetes/ovnkube",
    );
  });
});

describe("units of OVN-Kubernetes", () => {
  const units = fs.readdirSync(UNITS);
  const text = (unit: string): string => fs.readFileSync(path.join(UNITS, unit), "utf8");

  it.each(units)("%s names only units that are there", (unit) => {
    const named = text(unit).match(/(?:BindsTo|Wants|After)=.*/g) ?? [];
    const others = named.flatMap((line) => line.slice(line.indexOf("=") + 1).split(" "));
    expect(others.filter((other) => !units.includes(other))).toEqual([]);
  });

  it.each(units.filter((unit) => unit.endsWith(".path")))("%s has its service", (unit) => {
    expect(units).toContain(unit.replace(".path", ".service"));
  });

  it("switch multicast on in every part of ovnkube", () => {
    const parts = units.filter((unit) => text(unit).includes("/ovnkube --init-"));
    expect(parts).toHaveLength(2);
    expect(parts.filter((unit) => !text(unit).includes("--enable-multicast"))).toEqual([]);
  });
});

describeWith(["shellcheck"], "shellcheck", () => {
  it.each([
    "opt/cni/bin/ovn-k8s-cni-overlay",
    "opt/ovn/usr/local/sbin/external-bridge",
    "usr/local/libexec/ovn-kubernetes/in-ovn-root",
    "usr/local/sbin/ovn-reset",
  ])("has nothing to say about %s", (name) => {
    const { stdout, status } = spawnSync("shellcheck", [name], { cwd: FILES, encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });
});
