/** How faults are told: with lines of YAML as it is written, all at once, without secrets. */
import { stringify } from "yaml";
import { changed, config, existingText, faultsIn, faultsOf, write, type Path } from "./files";

const server: Path = ["cluster", "k3s", "servers", 0];
const k3s: Path = ["cluster", "k3s"];

test.each<[string, string, string, string]>([
  [
    "the kubeconfig's path is its text",
    "kubeconfigPath: kubeconfig",
    "kubeconfigPath: |\n      token: s3cret\n      more",
    ":4:21: cluster.existing.kubeconfigPath must be a file path",
  ],
  [
    "there are no nodes",
    "nodes: [{ name: one, role: server }, { name: two, role: agent }]",
    "nodes: []",
    ":5:12: cluster.existing.nodes must name at least one node, got an empty list",
  ],
  ["a node stands twice", "name: two", "name: one", ":5:12: cluster.existing.nodes must name each node once"],
  [
    "a role is another",
    "role: agent",
    "role: worker",
    ':5:61: cluster.existing.nodes[1].role must be one of "server", "agent", got "worker"',
  ],
  [
    "OpenShift's version is a number",
    "    nodes:",
    "    clusterNetwork: { type: ovn-kubernetes, openshiftVersion: 4.10 }\n    nodes:",
    ':5:63: cluster.existing.clusterNetwork.openshiftVersion must be a text, got the number 4.10; write it in quotes: "4.10"',
  ],
  [
    "a context has a line break",
    "    nodes:",
    '    kubeconfigContext: "a\\nb"\n    nodes:',
    ":5:24: cluster.existing.kubeconfigContext must ",
  ],
  [
    "two clusters are named",
    "cluster:",
    "cluster:\n  k3s: { servers: [] }",
    ":3:3: cluster must have exactly one of the keys",
  ],
])("on a cluster that exists, fails if %s", (_, right, wrong, message) => {
  const text = existingText.replace(right, wrong);
  expect(text).not.toBe(existingText);
  expect(faultsIn(write(text))).toEqual([expect.stringContaining(message)]);
});

test("YAML's words are taken as YAML 1.2 has them", () => {
  const text = existingText.replace("name: one", "name: yes").replace("name: two", "name: 12:30");
  expect(faultsIn(write(text))).toEqual([expect.stringContaining("nodes[1].name must be a DNS-1123 subdomain")]);
  for (const [written, kind] of [
    ["010", "number"],
    ["1e3", "number"],
    ["0x1f", "number"],
    ["true", "boolean"],
  ]) {
    const faults = faultsIn(write(existingText.replace("name: one", `name: ${written}`)));
    expect(faults).toEqual([expect.stringContaining(`got the ${kind} ${written}; write it in quotes: "${written}"`)]);
  }
  for (const written of ["no", "off", "0o", "2026-01-01", "null-1"]) {
    const faults = faultsIn(write(existingText.replace("name: one", `name: ${written}`)));
    expect(faults).toEqual([]);
  }
});

test("all faults are told at once, in the order of their lines", () => {
  const wrong = [
    [[...server, "hostKey"], "foo"],
    [["clutser"], {}],
    [["range", "rangeStart"], 4],
    [["master"], "eth0:1"],
    [["probeImage"], undefined],
  ] as const;
  const faults = faultsOf(wrong.reduce<unknown>((value, [path, to]) => changed(value, path, to), config()));
  expect(faults.map((fault) => fault.split(" ").slice(1, 4).join(" "))).toEqual([
    "probeImage is missing;",
    "cluster.k3s.servers[0].hostKey must be",
    "master must be",
    "range.rangeStart must be",
    'unknown key "clutser";',
  ]);
});

test("no secret is repeated, wherever it was put", () => {
  const secret = "hunter2hunter2";
  const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----\n`;
  const values: readonly [Path, unknown][] = [
    [[...server, "privateKeyPath"], key],
    [[...server, "hostKey"], key],
    [[...server, "password"], secret],
    [[...server, "address"], `ssh://lab:${secret}@192.0.2.11`],
    [[...k3s, "token"], secret],
    [["token"], { [secret]: secret }],
    [["probeImage"], `https://user:${secret}@registry.example.com/probe`],
    [["stateDirectory"], { password: secret }],
    [["name"], [secret]],
  ];
  for (const [path, value] of values) {
    const told = faultsIn(write(stringify(changed(config(), path, value)))).join("\n");
    expect(told).not.toBe("");
    expect(told).not.toContain(secret);
  }
});
