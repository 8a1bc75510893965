/** Wrong and hostile values, each alone in a configuration that is right otherwise: what is told of them, and where. */
import { changed, config, faultsOf, hostKey, type Path } from "./files";

const server: Path = ["cluster", "k3s", "servers", 0];
const k3s: Path = ["cluster", "k3s"];
const digest = "a".repeat(64);
const download = { url: "https://example.com/k3s", sha256: digest };

const cases: readonly [string, Path, unknown, string][] = [
  ["there is no lab", ["lab"], undefined, "lab is missing; it must be one of"],
  ["the lab is another's", ["lab"], "labb", 'lab must be one of "lab", '],
  ["the lab is a list", ["lab"], ["lab"], "got a list of 1"],
  ["the lab's name is one of Object's", ["lab"], "constructor", 'got "constructor"'],
  ["the name is no label", ["name"], "Media Lab", "name must be a DNS-1123 label"],
  [
    "the name is empty",
    ["name"],
    "",
    'name must be a DNS-1123 label (1 to 63 of a-z, 0-9 and -, starting and ending with a letter or digit), got "";',
  ],
  ["the name is a number", ["name"], 7, 'name must be a text, got the number 7; write it in quotes: "7"'],
  ["the name goes up", ["name"], "../x", "name must be a DNS-1123 label"],
  ["the state directory is a list", ["stateDirectory"], [], "stateDirectory must be a text, got an empty list"],
  ["the state directory is an option", ["stateDirectory"], "-rf", "stateDirectory must be a file path"],
  ["the state directory has a control character", ["stateDirectory"], "a\u0007b", "stateDirectory must be a file path"],
  ["there is no cluster", ["cluster"], undefined, "cluster is missing; it must be a mapping"],
  ["the cluster is empty", ["cluster"], {}, "cluster must have exactly one of the keys k3s, "],
  ["the cluster is null", ["cluster"], null, "cluster must be a mapping, got nothing; write one, or leave the key out"],
  ["the cluster is a word", ["cluster"], "k3s", 'cluster must be a mapping, got "k3s"'],
  ["the cluster is of another kind", ["cluster"], { kops: {} }, 'unknown key "kops" in cluster'],
  ["there are no servers", [...k3s, "servers"], undefined, "cluster.k3s.servers is missing; it must be a list"],
  [
    "servers is one host",
    [...k3s, "servers"],
    { address: "192.0.2.11" },
    "cluster.k3s.servers must be a list, got a mapping of 1",
  ],
  ["a server is a word", server, "192.0.2.11", 'cluster.k3s.servers[0] must be a mapping, got "192.0.2.11"'],
  [
    "an address is no address",
    [...server, "address"],
    "192.0.2",
    "cluster.k3s.servers[0].address must be an IP address or a DNS name",
  ],
  ["an address has a port", [...server, "address"], "192.0.2.11:22", "cluster.k3s.servers[0].address must be"],
  ["an address is an option", [...server, "address"], "-oProxyCommand=id", "cluster.k3s.servers[0].address must be"],
  ["an address is a number", [...server, "address"], 192.2, "got the number 192.2; write it in quotes"],
  ["a user is a command", [...server, "user"], "lab;id", "cluster.k3s.servers[0].user must be a user name"],
  ["a user is missing", [...server, "user"], undefined, "cluster.k3s.servers[0].user is missing; it must be a text"],
  ["a port is text", [...server, "port"], "22", 'cluster.k3s.servers[0].port must be a number, got "22"'],
  ["a port is 0", [...server, "port"], 0, "cluster.k3s.servers[0].port must be a whole number from 1 to 65535, got 0"],
  ["a port is too high", [...server, "port"], 65536, "got 65536"],
  ["a port is broken", [...server, "port"], 22.5, "must be a whole number from 1 to 65535, got 22.5"],
  ["a port is not a number", [...server, "port"], NaN, "cluster.k3s.servers[0].port must be a number"],
  ["a port is infinite", [...server, "port"], Infinity, "cluster.k3s.servers[0].port must be a number"],
  [
    "a host key is none",
    [...server, "hostKey"],
    "ssh-ed25519 AAAA",
    "cluster.k3s.servers[0].hostKey must be an SSH public key",
  ],
  ["a host key has a comment", [...server, "hostKey"], `${hostKey()} root@x`, "cluster.k3s.servers[0].hostKey must be"],
  [
    "a host key is of another kind",
    [...server, "hostKey"],
    hostKey().replace("ssh-ed25519", "ssh-rsa"),
    "hostKey must be",
  ],
  [
    "a node name is no name",
    [...server, "nodeName"],
    "Server_1",
    "cluster.k3s.servers[0].nodeName must be a DNS-1123 subdomain",
  ],
  [
    "an interface name is too long",
    [...server, "managementInterface"],
    "enp0s31f6.12345678",
    "managementInterface must be",
  ],
  [
    "a key of a host is misspelt",
    [...server, "hostkey"],
    hostKey(),
    'unknown key "hostkey" in cluster.k3s.servers[0]; did you mean "hostKey"?',
  ],
  ["a key of a host is snake case", [...server, "private_key_path"], "x", 'did you mean "privateKeyPath"?'],
  ["a key is __proto__", ["__proto__x"], {}, 'unknown key "__proto__x"'],
  ["a key is constructor", ["constructor"], "x", 'unknown key "constructor"'],
  ["a key is empty", [""], "x", 'unknown key ""'],
  ["a key has a line break", ["a\nb"], "x", "unknown key a text of 2 lines, not shown"],
  ["agents are false", [...k3s, "agents"], false, "cluster.k3s.agents must be a list, got false"],
  [
    "the release is a version",
    [...k3s, "release"],
    "v1.36.2+k3s1",
    'cluster.k3s.release must be a mapping, got "v1.36.2+k3s1"',
  ],
  [
    "the release has no program",
    [...k3s, "release"],
    { version: "v1.36.2+k3s1" },
    "cluster.k3s.release.binary is missing",
  ],
  [
    "the release is of Kubernetes",
    [...k3s, "release"],
    { version: "v1.36.2", binary: download },
    "cluster.k3s.release.version must be a K3s version",
  ],
  [
    "the program is both file and download",
    [...k3s, "release"],
    { version: "v1.36.2+k3s1", binary: { ...download, path: "k3s" } },
    "unknown key",
  ],
  [
    "the program's address is not of the web",
    [...k3s, "release"],
    { version: "v1.36.2+k3s1", binary: { ...download, url: "ftp://example.com/k3s" } },
    "cluster.k3s.release.binary.url must be an https or http address",
  ],
  [
    "a digest is short",
    [...k3s, "cniPlugins"],
    { path: "cni.tgz", sha256: "abc" },
    "cluster.k3s.cniPlugins.sha256 must be a SHA-256 digest",
  ],
  [
    "a digest has capitals",
    [...k3s, "cniPlugins"],
    { path: "cni.tgz", sha256: digest.toUpperCase() },
    "cniPlugins.sha256 must be",
  ],
  [
    "an architecture is Debian's word",
    [...k3s, "release"],
    { version: "v1.36.2+k3s1", binary: download, architecture: "amd64" },
    'cluster.k3s.release.architecture must be one of "x86_64", "aarch64", got "amd64"',
  ],
  ["a network has host bits", [...k3s, "clusterCidrs"], ["10.42.0.1/16"], 'got "10.42.0.1/16"; use "10.42.0.0/16"'],
  [
    "a network is an address",
    [...k3s, "serviceCidrs"],
    ["10.43.0.0"],
    "cluster.k3s.serviceCidrs[0] must be a network in CIDR notation",
  ],
  ["a component is unknown", [...k3s, "disable"], ["traefic"], "cluster.k3s.disable[0] must be one of"],
  [
    "a time is negative",
    [...k3s, "readyTimeoutSeconds"],
    -1,
    "cluster.k3s.readyTimeoutSeconds must be a whole number from 10 to 3600, got -1",
  ],
  ["a time is text", [...k3s, "readyTimeoutSeconds"], "300s", "cluster.k3s.readyTimeoutSeconds must be"],
  [
    "two hosts are one",
    [...k3s, "agents", 0, "address"],
    "192.0.2.11",
    "cluster.k3s.agents[0].address must differ from that of servers[0]",
  ],
  [
    "a host lies in the pods' network",
    [...k3s, "clusterCidrs"],
    ["192.0.2.0/24"],
    "cluster.k3s.clusterCidrs[0] must not contain the host 192.0.2.11",
  ],
  [
    "a label's value is a number",
    [...server, "nodeLabels"],
    { "example.com/rack": 7 },
    'cluster.k3s.servers[0].nodeLabels.example.com/rack must be a text, got the number 7; write it in quotes: "7"',
  ],
  ["a label's key is none", [...server, "nodeLabels"], { "a b": "x" }, "cluster.k3s.servers[0].nodeLabels"],
  [
    "a taint has another effect",
    [...server, "nodeTaints"],
    [{ key: "a", effect: "NoRun" }],
    "nodeTaints[0].effect must be",
  ],
  [
    "a key of K3s is a mapping",
    [...k3s, "serverConfig"],
    { debug: {} },
    "cluster.k3s.serverConfig.debug must be a text or a number or true or false or a list, got an empty mapping",
  ],
  [
    "a key of K3s is unknown",
    [...k3s, "serverConfig"],
    { debugg: true },
    "cluster.k3s.serverConfig must hold keys that `k3s server` of v1.36.2+k3s1 knows",
  ],
  ["a key of K3s is null", [...k3s, "agentConfig"], { debug: null }, "cluster.k3s.agentConfig.debug must be"],
  ["a key of K3s holds a secret", [...k3s, "serverConfig"], { token: "x" }, "cluster.k3s.serverConfig.token must "],
  [
    "a mirror has no scheme",
    [...k3s, "registries"],
    { mirrors: { "docker.io": { endpoint: ["mirror.example.com"] } } },
    "cluster.k3s.registries.mirrors.docker.io.endpoint[0] must ",
  ],
  [
    "a password stands in the file",
    [...k3s, "registries"],
    { configs: { "r.example.com": { auth: { username: "a", password: "b" } } } },
    'unknown key "password" in cluster.k3s.registries.configs.r.example.com.auth; did you mean "passwordPath"?',
  ],
  [
    "there are two servers",
    [...k3s, "servers"],
    config().cluster.k3s.servers.concat(config().cluster.k3s.agents),
    "cluster.k3s.servers must ",
  ],
  ["a back-end is unknown", [...k3s, "flannelBackend"], "ipsec", 'cluster.k3s.flannelBackend must be one of "vxlan", '],
  [
    "networks are a text",
    [...k3s, "clusterCidrs"],
    "10.42.0.0/16",
    'cluster.k3s.clusterCidrs must be a list, got "10.42.0.0/16"',
  ],
  ["the master is missing", ["master"], undefined, "master is missing; it must be a text"],
  ["the master is a path", ["master"], "../eth1", "master must be a Linux interface name"],
  ["the master is yes", ["master"], true, 'master must be a text, got the boolean true; write it in quotes: "true"'],
  ["the master is the cluster network's", ["master"], "cni0", "master must "],
  ["the range is a text", ["range"], "10.20.0.0/24", 'range must be a mapping, got "10.20.0.0/24"'],
  [
    "the range has another start",
    ["range", "rangeStart"],
    "10.21.0.50",
    "range.rangeStart must lie inside the hosts of subnet 10.20.0.0/24",
  ],
  ["the range ends before it starts", ["range", "rangeEnd"], "10.20.0.9", "range.rangeEnd must "],
  [
    "an address of the range has a prefix",
    ["range", "gateway"],
    "10.20.0.1/24",
    "range.gateway must be an IPv4 or IPv6 address",
  ],
  ["the range is the pods' network", ["range"], { subnet: "10.42.0.0/16" }, "range.subnet must not overlap"],
  ["the image has no tag", ["probeImage"], "registry.example.com/probe", "probeImage must be an image reference"],
  [
    "the image is latest",
    ["probeImage"],
    "probe:latest",
    "probeImage must be an image reference with a digest or a tag other than latest",
  ],
  ["the image has a blank", ["multusImage"], "multus :1", "multusImage must be an image reference"],
];

test.each(cases)("fails if %s", (_, path, value, message) => {
  const faults = faultsOf(changed(config(), path, value));
  expect(faults).toContainEqual(expect.stringContaining(message));
  // Each has its line: that of the value, or of what lacks it.
  expect(faults.filter((fault) => !/^:\d+:\d+: [^[]/.test(fault))).toEqual([]);
});

test("there are at least sixty of them, and what they change is right without", () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
  expect(faultsOf(config())).toEqual([]);
});
