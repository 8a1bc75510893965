import { parseInventory, readInventory, type LabInventory } from "../../stacks/lab-inventory";

const DIGEST = "a".repeat(64);

const inventory: LabInventory = {
  labName: "lab",
  stack: "k3s-media",
  stateDirectory: "/var/lib/multicast-lab/labs/lab/state",
  hosts: [host("server", 11), host("agent", 12), host("external", 13)],
  dataSubnet: "198.19.0.0/24",
  clusterNetwork: "flannel",
  k3s: {
    version: "v1.34.4+k3s1-embedded",
    binary: { path: "/cache/k3s", sha256: DIGEST },
    imageArchives: [{ path: "/cache/probe.tar", sha256: DIGEST }],
    cniPlugins: { path: "/cache/cni.tgz", sha256: DIGEST },
  },
  images: { probe: `lab.local/probe:1@sha256:${DIGEST}`, multus: `lab.local/multus:1@sha256:${DIGEST}` },
};

function host(role: "server" | "agent" | "external", last: number): LabInventory["hosts"][number] {
  return {
    name: role,
    role,
    address: `198.18.0.${last}`,
    port: 22,
    user: "root",
    privateKeyPath: "/var/lib/multicast-lab/labs/lab/ssh/id_ed25519",
    hostKey: "ssh-ed25519 AAAAC3Nz",
    managementInterface: "eth0",
    dataInterfaces: ["eth1"],
  };
}

function faultsOf(value: unknown): string[] {
  try {
    parseInventory(JSON.stringify(value), "inventory.json");
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

test("a whole inventory comes back as it was written", () => {
  expect(parseInventory(JSON.stringify(inventory), "inventory.json")).toEqual(inventory);
});

test.each<[string, unknown, string]>([
  ["labName is no label", { labName: "Lab_1" }, "labName: must be a DNS-1123 label"],
  ["labName is too long", { labName: "a".repeat(21) }, "labName: must have 20 characters at most"],
  ["stateDirectory is relative", { stateDirectory: "state" }, "stateDirectory: must be an absolute path"],
  ["dataSubnet is no network", { dataSubnet: "198.19.0.0" }, "dataSubnet: must be an IPv4 network"],
  ["there is no agent", { hosts: [host("server", 11)] }, 'hosts: must hold a host of role "agent"'],
  [
    "an address is there twice",
    { hosts: [host("server", 11), { ...host("agent", 11) }] },
    "hosts: must differ in address, twice: 198.18.0.11",
  ],
  [
    "an interface name is too long",
    { hosts: [host("server", 11), { ...host("agent", 12), dataInterfaces: ["enp0s31f6.12345678"] }] },
    "hosts.1.dataInterfaces.0: must be an interface name of 15 characters at most",
  ],
  ["a key is unknown", { hostz: [] }, "inventory: Unrecognized key"],
  [
    "a digest is none",
    { k3s: { ...inventory.k3s, binary: { path: "/k3s", sha256: "abc" } } },
    "k3s.binary.sha256: must be a SHA-256 digest",
  ],
])("fails if %s", (_, change, message) => {
  const faults = faultsOf({ ...inventory, ...(change as object) });
  expect(faults).toEqual([expect.stringContaining(`inventory.json: ${message}`)]);
});

test("all faults are told at once", () => {
  expect(faultsOf({ ...inventory, labName: "", dataSubnet: "x" })).toHaveLength(2);
});

test("fails if the text is no JSON", () => {
  expect(() => parseInventory("{", "inventory.json")).toThrow("inventory.json must be JSON");
});

test("fails if LAB_INVENTORY is not set, with what to do", () => {
  expect(() => readInventory(undefined)).toThrow('run "./lab up"');
});

test("fails if the file is not there, with its name", () => {
  expect(() => readInventory("/nonexistent/inventory.json")).toThrow("LAB_INVENTORY names /nonexistent/inventory.json");
});
