import * as os from "node:os";
import * as path from "node:path";
import { host } from "./hosts";
import { configOf, digest, stepsOf, valuesOf, type Step } from "./steps";
import { K3sCluster, type K3sClusterProps } from "../../../constructs/cluster/k3s-cluster";
import { faultsOf } from "../../helpers/faults";
import { newStack, synthStack } from "../../helpers/synth";

const server = host("192.0.2.11", { nodeName: "server" });
const agent = host("192.0.2.12", { nodeName: "agent" });

test("one server is enough", () => {
  const stack = newStack();
  const cluster = new K3sCluster(stack, "Cluster", { servers: [server] });
  expect(cluster).toMatchObject({
    distribution: "k3s",
    nodes: [{ name: "server", role: "server" }],
    cniPaths: { binDir: "/var/lib/rancher/k3s/data/cni" },
    clusterCidrs: ["10.42.0.0/16"],
    serviceCidrs: ["10.43.0.0/16"],
    nodeCidrs: ["192.0.2.11/32"],
    managementInterfaces: [],
    stateDirectory: path.resolve(".lab/lab-cluster"),
    kubeconfigPath: path.resolve(".lab/lab-cluster/kubeconfig"),
  });
});

test("guards come first, then files, then K3s on all nodes, then the wait for them; only the guard undoes", () => {
  const steps = stepsOf({ servers: [server], agents: [agent] });
  const order = Object.values(steps).map(({ create, destroy, after }) => ({ create, destroy, after }));
  expect(order).toEqual([
    { create: "guard-create", destroy: "guard-destroy", after: [] },
    { create: "files", destroy: undefined, after: ["guard-create"] },
    { create: "install", destroy: undefined, after: ["files"] },
    { create: "ready", destroy: undefined, after: ["install"] },
  ]);
  expect(Object.keys(steps.install!.instances).sort()).toEqual(["agent", "server"]);
  expect(valuesOf(steps.ready, "server").LAB_VALUE_NODES).toBe("server agent");
});

const allProps: Required<K3sClusterProps> = {
  servers: [host("192.0.2.11", { nodeName: "server", managementInterface: "eth0" })],
  agents: [
    host("2001:db8::12", {
      nodeName: "agent",
      managementInterface: "ens3",
      user: "lab",
      port: 2222,
      privateKeyPath: "~/key",
    }),
  ],
  release: { version: "v1.34.4+k3s1", binary: { path: "/cache/k3s", sha256: digest("a") }, architecture: "aarch64" },
  imageArchives: [{ path: "/cache/images.tar.zst", sha256: digest("b") }],
  cniPlugins: { path: "/cache/cni.tgz", sha256: digest("c") },
  clusterCidr: "10.52.0.0/16",
  serviceCidr: "10.53.0.0/16",
  flannelInterface: "eth9",
  disable: ["traefik"],
  tlsSans: ["lab.example.com", "192.0.2.11"],
  labName: "media",
  stateDirectory: "/var/lib/lab",
  readyTimeoutSeconds: 120,
};

test("all props arrive in K3s' configuration and at the hosts", () => {
  const steps = stepsOf(allProps);
  expect(configOf(steps, "server")).toEqual({
    "node-name": "server",
    "node-ip": "192.0.2.11",
    "flannel-iface": "eth9",
    "cluster-cidr": "10.52.0.0/16",
    "service-cidr": "10.53.0.0/16",
    disable: ["traefik"],
    "tls-san": ["192.0.2.11", "lab.example.com"],
    "write-kubeconfig-mode": "0600",
  });
  expect(configOf(steps, "agent")).toEqual({
    server: "https://192.0.2.11:6443",
    "node-name": "agent",
    "node-ip": "2001:db8::12",
    "flannel-iface": "eth9",
  });
  const files = valuesOf(steps.files, "agent");
  expect(files).toMatchObject({
    LAB_ADDRESS: "2001:db8::12",
    LAB_PORT: "2222",
    LAB_USER: "lab",
    LAB_PRIVATE_KEY_PATH: path.join(os.homedir(), "key"),
    LAB_NAME: "media",
    LAB_STATE_DIRECTORY: "/var/lib/lab",
    LAB_SOURCES: `${digest("a")} /cache/k3s\n${digest("b")} /cache/images.tar.zst\n${digest("c")} /cache/cni.tgz`,
  });
  expect(files.LAB_VALUE_FILES!.split("\n")).toEqual([
    `${digest("a")} binary k3s`,
    `${digest("b")} image multicast-lab-bbbbbbbbbbbb.tar.zst`,
    `${digest("c")} cni plugins`,
    "",
  ]);
  expect(valuesOf(steps["guard-create"], "agent")).toMatchObject({
    LAB_VALUE_ARCHITECTURE: "aarch64",
    LAB_VALUE_VERSION: "v1.34.4+k3s1",
    LAB_VALUE_INTERFACES: "ens3 eth9",
    LAB_VALUE_POD_NETWORKS: "10.52.0.0/16",
  });
  expect(valuesOf(steps.install, "agent").LAB_VALUE_TIMEOUT_SECONDS).toBe("120");
  expect(new K3sCluster(newStack(), "Cluster", allProps).managementInterfaces).toEqual(["eth0", "ens3", "eth9"]);
});

test("flannel uses each host's own management interface unless told otherwise", () => {
  const steps = stepsOf({ ...allProps, flannelInterface: undefined });
  expect([configOf(steps, "server")["flannel-iface"], configOf(steps, "agent")["flannel-iface"]]).toEqual([
    "eth0",
    "ens3",
  ]);
});

test("provisioners get everything from their own resource, values by the environment alone", () => {
  const stack = newStack();
  new K3sCluster(stack, "Cluster", allProps);
  for (const block of synthStack(stack).all("terraform_data")) {
    const names = Object.keys(Object.values(block.for_each as Step["instances"])[0]!.input);
    for (const entry of block.provisioner as { "local-exec": Record<string, unknown> }[]) {
      const { environment, interpreter, command } = entry["local-exec"];
      expect(environment).toEqual(Object.fromEntries(names.map((name) => [name, `\${self.input.${name}}`])));
      expect(interpreter).toEqual(["bash", expect.stringMatching(/^\.\/assets\/HostSteps\/[0-9A-F]+\/run\.sh$/)]);
      expect(command).toMatch(/^[a-z-]+$/);
    }
  }
});

describe("what runs again", () => {
  const again = (props: K3sClusterProps) =>
    Object.fromEntries(
      Object.entries(stepsOf(props)).map(([name, { instances }]) => [name, instances.server!.run_again_when]),
    );
  const before = again(allProps);
  const changed = (props: Partial<K3sClusterProps>) => {
    const now = again({ ...allProps, ...props });
    return Object.keys(now).filter((name) => now[name] !== before[name]);
  };
  const [first] = allProps.servers;
  const otherwise = { nodeName: "server", managementInterface: "eth0" };

  test("nothing for the same props", () => expect(changed({})).toEqual([]));
  test("nothing for another key file or user", () =>
    expect(
      changed({ servers: [host(first!.address, { ...otherwise, user: "lab", privateKeyPath: "/other" })] }),
    ).toEqual([]));
  test("all for another address", () =>
    expect(changed({ servers: [host("192.0.2.99", otherwise)] })).toEqual([
      "guard-create",
      "files",
      "install",
      "ready",
    ]));
  test("files and K3s for another program", () =>
    expect(changed({ release: { ...allProps.release, binary: { path: "/x", sha256: digest("d") } } })).toEqual([
      "files",
      "install",
      "ready",
    ]));
  test("K3s for another configuration", () => expect(changed({ disable: [] })).toEqual(["install", "ready"]));
  test("nothing for another place of the same file", () =>
    expect(changed({ release: { ...allProps.release, binary: { path: "/x", sha256: digest("a") } } })).toEqual([]));
});

describe("rules", () => {
  const binary = { path: "/cache/k3s", sha256: digest("a") };
  const cniPlugins = { path: "/cache/cni.tgz", sha256: digest("c") };
  const cases: [string, string, Partial<K3sClusterProps>][] = [
    ["there is no server", "servers must hold exactly one host", { servers: [] }],
    ["there are two servers", "servers must hold exactly one host", { servers: [server, agent], agents: [] }],
    [
      "a host is given twice",
      "agents[0].address must differ from that of servers[0]",
      { agents: [host("192.0.2.11")] },
    ],
    [
      "a node name is given twice",
      "agents[0].nodeName must differ",
      { agents: [host("192.0.2.12", { nodeName: "server" })] },
    ],
    ["a host is malformed", "agents[0].port must be a whole number", { agents: [host("192.0.2.12", { port: 0 })] }],
    ["the version is not K3s'", "release.version must be a K3s version", { release: { version: "1.34.4", binary } }],
    [
      "the digest is short",
      "release.binary.sha256 must",
      { release: { version: "v1.34.4+k3s1", binary: { ...binary, sha256: "ab" } } },
    ],
    [
      "the program is not had by https",
      "release.binary.url must",
      { release: { version: "v1.34.4+k3s1", binary: { url: "http://example.com/k3s", sha256: digest("a") } } },
    ],
    [
      "an image archive has another ending",
      "imageArchives[0].path must end in",
      { imageArchives: [{ path: "/a.zip", sha256: digest("b") }] },
    ],
    [
      "an image archive has no digest",
      "imageArchives[0].sha256 must",
      { imageArchives: [{ path: "/a.tar", sha256: "" }] },
    ],
    ["the plugins have no digest", "cniPlugins.sha256 must", { cniPlugins: { path: "/a.tgz", sha256: "" } }],
    [
      "the release moves its CNI directory",
      "release.version must keep its CNI directory",
      { cniPlugins, release: { version: "v1.31.1+k3s1", binary } },
    ],
    ["the pod network has host bits", "clusterCidr must be a network", { clusterCidr: "10.42.0.1/16" }],
    ["the Service network is none", "serviceCidr must be a network", { serviceCidr: "10.43.0.0" }],
    ["the networks overlap", "serviceCidr must not overlap clusterCidr", { serviceCidr: "10.42.128.0/17" }],
    [
      "a host lies in the pod network",
      "clusterCidr must not contain the host 192.0.2.11",
      { clusterCidr: "192.0.2.0/24" },
    ],
    ["the interface name is too long", "flannelInterface must", { flannelInterface: "interface-too-long" }],
    ["a component is unknown", "disable[0] must be one of", { disable: ["treafik"] }],
    ["a name is none", "tlsSans[0] must be an IP address or a DNS name", { tlsSans: ["a b"] }],
    ["the lab's name is none", "labName must be a DNS-1123 label", { labName: "My Lab" }],
    ["the wait is too short", "readyTimeoutSeconds must be a whole number from 10 to 3600", { readyTimeoutSeconds: 9 }],
  ];
  test.each(cases)("fails if %s", (_, fault, props) => {
    const faults = faultsOf(() => new K3sCluster(newStack(), "Cluster", { servers: [server], ...props }));
    expect(faults).toContainEqual(expect.stringContaining(`[lab/Cluster] ${fault}`));
  });
  test("all faults are told at once", () => {
    const wrong: K3sClusterProps = { servers: [], disable: ["x"], labName: "", clusterCidr: "x" };
    expect(faultsOf(() => new K3sCluster(newStack(), "Cluster", wrong))).toHaveLength(4);
  });
});
