import { parseDuplicates } from "../../probe/kernel-tables-ipv6";
import { parseMembers, parseMembers6 } from "../../probe/memberships";
import { soundEvidence, verdictOn, type Trouble } from "./scene";

const found = (trouble: Trouble): (readonly [string, string])[] =>
  verdictOn(trouble).receivers.map(({ verdict, reason }) => [verdict, reason] as const);

test("what may have come by another interface proves nothing of this one, and the other membership is named", () => {
  const [ear, deaf] = found({ noted: { ear: { test: { alsoBy: ["eth0"] } } } });
  expect(ear?.[0]).toBe("inconclusive");
  expect(ear?.[1]).toContain(
    "another program of the same network namespace has joined 239.1.1.1 on eth0, as /proc/net/igmp",
  );
  expect(ear?.[1]).toContain("cannot be told from what comes in by its own net1");
  expect(deaf?.[0]).toBe("passed");
});

test("silence is not proved by a control group that may have come by another interface", () => {
  const [, deaf] = found({ noted: { deaf: { control: { alsoBy: ["eth0"] } } } });
  expect(deaf).toEqual(["inconclusive", expect.stringContaining("has joined 239.1.129.1 on eth0")]);
});

test("what a receiver that has not joined hears for the sake of another end is no leak, and that end is named", () => {
  const network = { networkNamespace: "boot net:[1]" };
  const [, deaf] = found({
    heard: { deaf: () => 20 },
    noted: { deaf: { test: { alsoBy: ["net1"] } } },
    evidence: { ear: { ...network, addresses: ["10.20.0.3/24"] }, deaf: network },
  });
  expect(deaf).toEqual([
    "inconclusive",
    expect.stringContaining("receiver ear of the same network namespace has joined"),
  ]);
});

test("sender and receiver in one network namespace are not judged", () => {
  const network = { networkNamespace: "boot net:[1]" };
  const verdicts = found({ evidence: { sender: network, ear: network } });
  expect(verdicts[0]).toEqual(["inconclusive", expect.stringContaining("are in one network namespace")]);
  expect(verdicts[1]?.[0]).toBe("passed");
});

test.each<[string, Trouble, string]>([
  [
    "sender and receiver",
    { evidence: { ear: { addresses: ["10.20.0.1/24"] } } },
    "receiver ear and the sender both have the address 10.20.0.1",
  ],
  [
    "two receivers",
    { evidence: { ear: { addresses: ["10.20.0.3/24"] } } },
    "receiver ear and receiver deaf both have the address 10.20.0.3",
  ],
  [
    "two MAC addresses",
    { evidence: { ear: { mac: "02:00:00:00:00:01" }, sender: { mac: "02:00:00:00:00:01" } } },
    "receiver ear and the sender both have the MAC address 02:00:00:00:00:01",
  ],
  [
    "another machine",
    { evidence: { ear: { duplicates: ["fd00::1"] } } },
    "another machine has fd00::1, which receiver ear was given",
  ],
])("an address in use twice fails what would have passed: %s", (_, trouble, words) => {
  expect(found(trouble)[0]).toEqual(["failed", expect.stringContaining(words)]);
});

test("children of one ipvlan parent have one MAC address, and so have links that no one sees beside each other", () => {
  const mac = "02:00:00:00:00:01";
  const evidence = { ear: { mac, linkType: "ipvlan" }, sender: { mac, linkType: "ipvlan" } };
  expect(verdictOn({ evidence }).verdict).toBe("passed");
  const apart = { ear: { mac, addresses: ["10.30.0.2/24"] }, sender: { mac } };
  expect(verdictOn({ evidence: apart, config: { ttl: 4 } }).verdict).toBe("passed");
  expect(soundEvidence(1).mac).toBeUndefined();
});

test("packets that came twice are told beside the verdict", () => {
  const { verdict, receivers } = verdictOn({ noted: { ear: { test: { duplicates: 8 } } } });
  expect(verdict).toBe("passed");
  expect(receivers[0]?.warnings).toEqual([
    expect.stringMatching(/^40 packets of 239.1.1.1 came more than once: look for/),
  ]);
  expect(receivers[1]?.warnings).toBeUndefined();
});

test("who has joined is read of the kernel's tables, without those that only keep a group out", () => {
  const igmp = [
    "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter",
    "2\teth0      :     2      V3",
    "\t\t\t\t010101EF     3 0:00000000\t\t0",
    "3\teth1      :     2      V3",
    "\t\t\t\t010101EF     1 0:00000000\t\t0",
  ].join("\n");
  const filters = "Idx Device        MCA        SRC    INC    EXC\n  2   eth0 0xef010101 0xffffffff      2      0\n";
  expect([...parseMembers(igmp, filters, "239.1.1.1")]).toEqual([
    ["eth0", 1],
    ["eth1", 1],
  ]);
  expect([...parseMembers(igmp, filters, "239.1.1.2")]).toEqual([]);
  const mld = "2    eth0            ff150000000000000000000000010001     1 00000004 0\n";
  expect([...parseMembers6(mld, "ff15::1:1")]).toEqual([["eth0", 1]]);
});

test("addresses that another machine has are read of /proc/net/if_inet6", () => {
  const table = [
    "fd000020000000000000000000000010 02 40 00 c8     net1",
    "fd000020000000000000000000000011 02 40 00 80     net1",
  ].join("\n");
  expect(parseDuplicates(table, "net1")).toEqual(["fd00:20::10"]);
  expect(parseDuplicates(table, "eth0")).toEqual([]);
});
