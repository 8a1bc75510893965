import * as os from "node:os";
import * as path from "node:path";
import { host } from "./hosts";
import { allProps } from "./k3s-samples";
import { configOf, digest, stepsOf, valuesOf, type Step } from "./steps";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";
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

test("guards come first, then files, then K3s on the server, then on agents, then the wait for all; only the guard undoes", () => {
  const steps = stepsOf({ servers: [server], agents: [agent] });
  const order = Object.values(steps).map(({ create, destroy, after }) => ({ create, destroy, after }));
  expect(order).toEqual([
    { create: "guard-create", destroy: "guard-destroy", after: [] },
    { create: "files", destroy: undefined, after: ["guard"] },
    { create: "install", destroy: undefined, after: ["files"] },
    { create: "install", destroy: undefined, after: ["install"] },
    { create: "ready", destroy: undefined, after: ["agents"] },
  ]);
  expect(Object.keys(steps.install!.instances)).toEqual(["192.0.2.11"]);
  expect(Object.keys(steps.agents!.instances)).toEqual(["192.0.2.12"]);
  expect(valuesOf(steps.ready, "server").LAB_VALUE_NODES).toBe("server 192.0.2.11\nagent 192.0.2.12");
});

test("a host is known by where it is reached, whatever its node is called", () => {
  const keys = (first: string, second: string) => {
    const agents = [host("192.0.2.12", { nodeName: first }), host("192.0.2.13", { nodeName: second, port: 2222 })];
    return Object.values(stepsOf({ servers: [server], agents })).map(({ instances }) => Object.keys(instances));
  };
  expect(keys("a", "b")).toEqual(keys("b", "a"));
  expect(keys("a", "b")[0]).toEqual(["192.0.2.11", "192.0.2.12", "192.0.2.13 port 2222"]);
});

test("the state's identity of the deployment goes to every step, and says whose a host is", () => {
  const stack = newStack();
  const { steps } = new K3sCluster(stack, "Cluster", { servers: [server], agents: [agent] });
  const { json } = synthStack(stack);
  const identity = `\${terraform_data.${steps.identity.friendlyUniqueId}.id}`;
  const blocks = [steps.guard, steps.files, steps.install, steps.agents, steps.ready].map(
    ({ resource }) => json.resource!.terraform_data![resource.friendlyUniqueId]!,
  );
  const inputs = blocks.flatMap((block) => Object.values(block.for_each as Step["instances"]));
  expect(inputs).toHaveLength(7);
  expect(new Set(inputs.map(({ input }) => input.LAB_IDENTITY))).toEqual(new Set([identity]));
});

test("the last step runs again when the kubeconfig or the token is gone, and only then", () => {
  const { ready, install } = stepsOf({ servers: [server], stateDirectory: "/var/lib/lab" });
  expect(install!.trigger).toBe("${each.value.run_again_when}");
  expect(ready!.trigger).toBe(
    '${fileexists(join("/", [each.value.input.LAB_STATE_DIRECTORY, "kubeconfig"])) && ' +
      'fileexists(join("/", [each.value.input.LAB_STATE_DIRECTORY, "token"])) ? each.value.run_again_when : ' +
      'replace(timestamp(), "/^.*$/", each.value.run_again_when)}',
  );
});

test("all props arrive in K3s' configuration and at the hosts", () => {
  const steps = stepsOf(allProps);
  expect(configOf(steps, "server")).toEqual({
    "node-name": "server",
    "node-label": ["multicast-lab/cluster=media"],
    "node-ip": "192.0.2.11,2001:db8::11",
    "flannel-iface": "eth9",
    "cluster-cidr": "10.52.0.0/16,fd52::/56",
    "service-cidr": "10.53.0.0/16,fd53::/112",
    "flannel-backend": "host-gw",
    "disable-kube-proxy": true,
    "disable-network-policy": true,
    disable: ["traefik"],
    "tls-san": ["192.0.2.11", "2001:db8::11", "lab.example.com"],
    "write-kubeconfig-mode": "0600",
    "kube-apiserver-arg": ["v=2"],
    "secrets-encryption": true,
  });
  expect(configOf(steps, "agent")).toEqual({
    server: "https://192.0.2.11:6443",
    "node-name": "agent",
    "node-ip": "192.0.2.12,2001:db8::12",
    "node-label": ["multicast-lab/cluster=media", "example.com/rack=b"],
    "node-taint": ["example.com/media=yes:NoSchedule", "slow:PreferNoSchedule"],
    "flannel-iface": "eth9",
    "kubelet-arg": ["max-pods=50"],
  });
  const files = valuesOf(steps.files, "agent");
  expect(files).toMatchObject({
    LAB_ADDRESS: "2001:db8::12",
    LAB_PORT: "2222",
    LAB_USER: "lab",
    LAB_PRIVATE_KEY_PATH: path.join(os.homedir(), "key"),
    LAB_NAME: "media",
    LAB_STATE_DIRECTORY: "/var/lib/lab",
    LAB_SOURCES: [
      `${digest("a")} /cache/k3s`,
      `${digest("b")} /cache/images.tar.zst`,
      `${digest("d")} http://mirror.example.com/more.tgz`,
      `${digest("c")} /cache/cni.tgz`,
    ].join("\n"),
    LAB_VALUE_CNI_DIRECTORY: "/var/lib/rancher/k3s/data/cni",
  });
  expect(files.LAB_VALUE_FILES!.split("\n")).toEqual([
    `${digest("a")} binary k3s`,
    `${digest("b")} image multicast-lab-bbbbbbbbbbbb.tar.zst`,
    `${digest("d")} image multicast-lab-dddddddddddd.tgz`,
    `${digest("c")} cni plugins`,
    "",
  ]);
  expect(valuesOf(steps.guard, "agent")).toMatchObject({
    LAB_VALUE_ARCHITECTURE: "aarch64",
    LAB_VALUE_VERSION: "v1.34.4+k3s1",
    LAB_VALUE_INTERFACES: "ens3 eth9",
    LAB_VALUE_POD_NETWORKS: "10.52.0.0/16 fd52::/56",
  });
  expect(valuesOf(steps.agents, "agent").LAB_VALUE_TIMEOUT_SECONDS).toBe("120");
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
    const names = Object.keys(Object.values((block.for_each ?? {}) as Step["instances"])[0]?.input ?? {});
    for (const entry of (block.provisioner ?? []) as { "local-exec": Record<string, unknown> }[]) {
      const { environment, interpreter, command } = entry["local-exec"];
      expect(environment).toEqual(Object.fromEntries(names.map((name) => [name, `\${self.input.${name}}`])));
      expect(interpreter).toEqual(["bash", expect.stringMatching(/^\.\/assets\/HostSteps\/[0-9A-F]+\/run\.sh$/)]);
      expect(command).toMatch(/^[a-z-]+$/);
    }
  }
});

describe("several servers", () => {
  const servers = ["11", "12", "13"].map((last) => host(`192.0.2.${last}`, { nodeName: `server-${last}` }));
  const steps = stepsOf({ servers, agents: [agent14()] });

  function agent14() {
    return host("192.0.2.14", { nodeName: "agent" });
  }

  test("the first founds the cluster, the others join it one after the other, then the agents", () => {
    const order = ["install", "join", "join-2", "agents"].map((name) => steps[name]!);
    expect(order.map(({ instances }) => Object.values(instances).map(({ input }) => input.LAB_HOST))).toEqual([
      ["server-11"],
      ["server-12"],
      ["server-13"],
      ["agent"],
    ]);
    expect(order.map(({ after }) => after)).toEqual([["files"], ["install"], ["join"], ["join-2"]]);
    expect(configOf(steps, "server-11")).toMatchObject({ "cluster-init": true });
    expect(configOf(steps, "server-11")).not.toHaveProperty("server");
    for (const name of ["server-12", "server-13", "agent"]) {
      expect(configOf(steps, name)).toMatchObject({ server: "https://192.0.2.11:6443" });
      expect(configOf(steps, name)).not.toHaveProperty("cluster-init");
    }
    const nodes = valuesOf(steps.ready, "server-11")
      .LAB_VALUE_NODES!.split("\n")
      .map((line) => line.split(" ")[0]);
    expect(nodes).toEqual(["server-11", "server-12", "server-13", "agent"]);
  });

  test("all servers have the same settings of the cluster, and a certificate for each other's addresses", () => {
    const shared = (name: string) => {
      const own = ["server", "cluster-init", "node-name", "node-ip"];
      return Object.fromEntries(Object.entries(configOf(steps, name)).filter(([key]) => !own.includes(key)));
    };
    expect(shared("server-12")).toEqual(shared("server-11"));
    expect(shared("server-11")["tls-san"]).toEqual(["192.0.2.11", "192.0.2.12", "192.0.2.13"]);
  });

  test("etcd's ports must be free on them, not on agents nor on one server alone", () => {
    const ports = (all: Record<string, Step>, name: string) => valuesOf(all.guard, name).LAB_VALUE_PORTS;
    expect(ports(steps, "server-12")!.split(" ")).toEqual(expect.arrayContaining(["6443", "2379", "2380"]));
    expect(ports(steps, "agent")!.split(" ")).not.toContain("2379");
    expect(ports(stepsOf({ servers: [server] }), "server")!.split(" ")).not.toContain("2379");
  });
});

test("where another program makes the default network, CNI files lie in containerd's places and nobody waits for Ready", () => {
  const props: K3sClusterProps = {
    servers: [server],
    flannelBackend: "none",
    cniPlugins: allProps.cniPlugins,
    clusterNetwork: { type: "ovn-kubernetes" },
  };
  const cluster = new K3sCluster(newStack(), "Cluster", props);
  expect(cluster.cniPaths).toEqual({ confDir: "/etc/cni/net.d", binDir: "/opt/cni/bin" });
  expect(cluster.clusterNetwork).toEqual({ type: "ovn-kubernetes" });
  const steps = stepsOf(props);
  expect(valuesOf(steps.files, "server").LAB_VALUE_CNI_DIRECTORY).toBe("/opt/cni/bin");
  expect(valuesOf(steps.ready, "server").LAB_VALUE_NETWORK).toBe("foreign");
  expect(configOf(steps, "server")).toMatchObject({ "flannel-backend": "none" });
});
