import { labLayout, USUAL_HOSTS } from "../../../embedded/hosts/layout";
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

  it("numbers the hosts of a role that has several", () => {
    const { hosts } = labLayout("demo", 7, "/h", { ...USUAL_HOSTS, agents: 2 });
    expect(hosts.map(({ name, role, address, netns }) => [name, role, address, netns])).toEqual([
      ["server", "server", "198.18.7.11", "ml7-server"],
      ["agent-1", "agent", "198.18.7.12", "ml7-agent-1"],
      ["agent-2", "agent", "198.18.7.13", "ml7-agent-2"],
      ["external", "external", "198.18.7.14", "ml7-external"],
    ]);
  });

  it.each([
    { servers: 0 },
    { agents: -1 },
    { servers: 1.5 },
    { servers: 3, agents: 12, externals: 2 },
    { planes: 0 },
    { planes: 9 },
  ])("fails if the hosts are %j", (change) => {
    expect(() => labLayout("demo", 0, "/h", { ...USUAL_HOSTS, ...change })).toThrow(
      /a lab must have 1 server or more, 16 hosts at most and 1 to 8 planes/,
    );
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
  // The highest index, the longest name and several hosts of each role give the longest names.
  const lab = labLayout("a".repeat(20), 126, "/h", { ...USUAL_HOSTS, servers: 3, agents: 11, externals: 2, planes: 8 });
  const plan = networkPlan(lab);
  const lines = [...plan.onMachine, ...[...plan.inNetns.values()].flat()];

  it("names no interface with more than 15 characters, which the kernel would refuse", () => {
    const names = lines.flatMap((line) =>
      [...line.matchAll(/link add (\S+)|peer name (\S+)/g)].flatMap(([, a, b]) => [a, b]),
    );
    const interfaces = names.filter((name) => name !== undefined);
    expect(interfaces).toHaveLength(1 + 8 + 2 + 16 * 9 * 2);
    expect(interfaces.filter((name) => name.length > 15)).toEqual([]);
  });

  it("leaves the data network without any address", () => {
    expect(lines.filter((line) => /address add/.test(line)).map((line) => line.split(" dev ")[1])).toEqual([
      "mlm126",
      ...Array<string>(16).fill("eth0"),
    ]);
  });

  it("gives each data network a switch of its own", () => {
    const ports = lines.filter((line) => /^link set d\d?-agent-3 /.test(line));
    expect(ports).toHaveLength(8);
    expect(new Set(ports.map((line) => /master (\S+)/.exec(line)?.[1]))).toHaveProperty("size", 8);
  });

  it("queries where it snoops", () => {
    expect(lines.filter((line) => line.startsWith("link add data"))).toEqual(
      Array<unknown>(8).fill(expect.stringMatching(/mcast_snooping 1 mcast_querier 1 mcast_igmp_version 3/)),
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
