import { labLayout } from "../../../embedded/hosts/layout";
import { networkPlan } from "../../../embedded/hosts/network";
import { natRules } from "../../../embedded/hosts/nat";

describe("labLayout", () => {
  const lab = labLayout("demo", 7, "/home/labs");

  it("gives each host an address of the lab's management network, from .11", () => {
    expect(lab.managementSubnet).toBe("198.18.7.0/24");
    expect(lab.dataSubnet).toBe("198.19.7.0/24");
    expect(lab.hosts.map(({ role, address }) => [role, address])).toEqual([
      ["server", "198.18.7.11"],
      ["agent", "198.18.7.12"],
      ["external", "198.18.7.13"],
    ]);
  });

  it("keeps everything below the lab's own directory", () => {
    const paths = lab.hosts.flatMap((host) => [host.directory, host.logFile]);
    expect(
      [...paths, lab.privateKeyPath, lab.knownHostsPath].filter((p) => !p.startsWith("/home/labs/labs/demo/")),
    ).toEqual([]);
  });

  it.each(["", "-a", "a-", "A", "a b", "a/b", "..", "$(id)", "a".repeat(21), "a\n"])(
    "fails if the name is %j",
    (name) => {
      expect(() => labLayout(name, 0, "/h")).toThrow(/lab name must be/);
    },
  );

  it.each([-1, 127, 1.5, NaN])("fails if the index is %p", (index) => {
    expect(() => labLayout("demo", index, "/h")).toThrow(/lab index must be/);
  });
});

describe("networkPlan", () => {
  // The highest index and the longest name give the longest names.
  const lab = labLayout("a".repeat(20), 126, "/h");
  const plan = networkPlan(lab);
  const lines = [...plan.onMachine, ...[...plan.inNetns.values()].flat()];

  it("names no interface with more than 15 characters, which the kernel would refuse", () => {
    const names = lines.flatMap((line) =>
      [...line.matchAll(/link add (\S+)|peer name (\S+)/g)].flatMap(([, a, b]) => [a, b]),
    );
    const interfaces = names.filter((name) => name !== undefined);
    expect(interfaces).toHaveLength(2 + 2 + 3 * 2 * 2);
    expect(interfaces.filter((name) => name.length > 15)).toEqual([]);
  });

  it("leaves the data network without any address", () => {
    expect(lines.filter((line) => /address add/.test(line)).map((line) => line.split(" dev ")[1])).toEqual([
      "mlm126",
      "eth0",
      "eth0",
      "eth0",
    ]);
  });

  it("queries where it snoops", () => {
    expect(lines.find((line) => line.startsWith("link add data"))).toMatch(
      /mcast_snooping 1 mcast_querier 1 mcast_igmp_version 3/,
    );
  });
});

describe("natRules", () => {
  it("masquerades the lab's own management network only", () => {
    const rules = natRules(labLayout("demo", 3, "/h"));
    expect(rules).toMatch(/^table ip multicast-lab-3 \{/);
    expect(rules).toContain('ip saddr 198.18.3.0/24 oifname != "mlm3" masquerade');
  });
});
