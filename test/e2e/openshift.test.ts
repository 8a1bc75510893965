/**
 * The stacks for OpenShift on an API server that has the essence of OpenShift's APIs (`openshift/crds.yaml`; OPENSHIFT_CRDS names a file with
 * others, such as the real ones): every object is accepted. The cluster's network is not OVN-Kubernetes, so what they check is red here.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MulticastNamespace } from "../../constructs/namespace/multicast-namespace";
import { Ipam } from "../../constructs/network/ipam";
import { MacvlanNetwork } from "../../constructs/network/macvlan-network";
import { NetworkOperator } from "../../constructs/openshift/network-operator";
import { NodeNetworkPolicy } from "../../constructs/openshift/node-network-policy";
import { NodeNetworkState } from "../../constructs/openshift/node-network-state";
import { OpenShiftCluster } from "../../constructs/openshift/openshift-cluster";
import { LocalBackend, TerraformStack, type App } from "../../constructs/private/terraform";
import { OpenShiftDedicated } from "../../stacks/openshift-dedicated";
import { OpenShiftMulticast } from "../../stacks/openshift-multicast";
import { LabCommand, Story } from "./lab-command";
import { PlayedOperators } from "./openshift/operators";
import { LabTools } from "./openshift/terraform";

const MINUTES = 60_000;
const lab = new LabCommand("e2e-openshift");
const work = mkdtempSync(path.join(tmpdir(), "openshift-e2e-"));
const tools = new LabTools(lab.name, path.join(work, "out"));
const crds = process.env.OPENSHIFT_CRDS ?? path.join(__dirname, "openshift/crds.yaml");
const story = new Story();

function cluster(app: App, version = "4.18") {
  return OpenShiftCluster.fromKubeconfig(app, "cluster", {
    kubeconfigPath: tools.kubeconfigPath,
    nodes: [
      { name: "server", role: "server" },
      { name: "agent", role: "agent" },
    ],
    version,
  });
}

const common = (app: App, id: string, version?: string) => ({
  cluster: cluster(app, version),
  statePath: path.join(work, `${id}.tfstate`),
  probeImage: tools.probeImage,
  namespaceName: id,
});

const multicast = (app: App) => new OpenShiftMulticast(app, "multicast", common(app, "multicast"));

const dedicated = (app: App) =>
  new OpenShiftDedicated(app, "dedicated", {
    ...common(app, "dedicated"),
    proxy: {
      httpProxy: "http://proxy.example.com:3128",
      noProxy: [".example.com", "10.0.0.0/16"],
      trustBundlePath: path.join(work, "bundle.pem"),
    },
  });

function planes(app: App): TerraformStack {
  const stack = new TerraformStack(app, "planes");
  new LocalBackend(stack, { path: path.join(work, "planes.tfstate") });
  const openshift = cluster(app);
  const multus = new NetworkOperator(stack, "Operator", { cluster: openshift });
  const namespace = new MulticastNamespace(stack, "Namespace", { cluster: openshift, namespaceName: "planes" });
  const policy = new NodeNetworkPolicy(stack, "Vlan", {
    cluster: openshift,
    state: NodeNetworkState.vlan({ baseInterface: "eth1", id: 120 }),
    timeoutSeconds: 60,
  });
  const ipam = Ipam.hostLocal({ subnet: "10.20.0.0/24" });
  const network = new MacvlanNetwork(stack, "Plane", { multus, namespace, master: "eth1.120", ipam });
  network.node.addDependency(policy);
  return stack;
}

/** Phases of all pods of checks but the lab's own. */
const PHASES = [
  "get",
  "pods",
  "-A",
  "--field-selector=metadata.namespace!=media",
  "-o=jsonpath={.items[*].status.phase}",
];
/** Ids of the checks whose verdict failed; other errors of Terraform as they are. */
const errorsOf = (text: string) =>
  text
    .split(/^(?=Error: )/m)
    .slice(1)
    .map((error) => /with kubernetes_pod_v1\.(\w+)_Verdict_/.exec(error)?.[1] ?? error)
    .sort();
const proxySpec = async () =>
  JSON.parse(await tools.kubectl(["get", "proxy", "cluster", "-o=jsonpath={.spec}"])) as object;
const operatorNetworks = () =>
  tools.kubectl(["get", "networks.operator.openshift.io", "cluster", "-o=jsonpath={.spec.additionalNetworks[*].name}"]);

beforeAll(async () => {
  await lab.down();
  await lab.run(["--yes", "up"], { seconds: 400 });
  await tools.kubectl(["apply", "--server-side", "-f", crds]);
  await tools.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
  await tools.kubectl(["create", "-f", path.join(__dirname, "openshift/cluster.yaml")]);
  const times = { startedTime: "2026-01-01T00:00:00Z", completionTime: "2026-01-01T01:00:00Z" };
  const release = { version: "4.18.9", image: "release" };
  const history = [{ ...release, ...times, state: "Completed", verified: true }];
  const status = { desired: release, history, observedGeneration: 1, versionHash: "x", availableUpdates: [] };
  const patch = JSON.stringify({ status });
  await tools.kubectl(["patch", "clusterversion", "version", "--subresource=status", "--type=merge", `-p=${patch}`]);
  const lines = ["a key", "-----BEGIN PRIVATE KEY-----", "AAAA", "-----END PRIVATE KEY-----"];
  const certificate = ["-----BEGIN CERTIFICATE-----", "BBBB", "-----END CERTIFICATE-----"];
  writeFileSync(path.join(work, "bundle.pem"), [...lines, ...certificate, ""].join("\n"));
}, 8 * MINUTES);

afterAll(async () => {
  await lab.down();
  rmSync(work, { recursive: true });
}, 4 * MINUTES);

test(
  "openshift-multicast: all objects are accepted, and the checks are red for the one reason that this cluster has",
  story.step(async () => {
    const { code, text } = await tools.terraform("apply", multicast);
    // Only verdicts fail: this bridge carries multicast without any annotation, and nothing from node to node.
    expect({ code, errors: errorsOf(text) }).toEqual({
      code: 1,
      errors: ["ListenerAnswers", "OffByDefault", "ProjectCarriesMulticast"],
    });
    expect(text).toMatch(/receiver mlistener \(node agent\) answered 0 of .* 224\.1\.0\.1:30102/);
    const annotations = await tools.kubectl(["get", "ns", "multicast", "-o=jsonpath={.metadata.annotations}"]);
    expect(JSON.parse(annotations)).toMatchObject({ "k8s.ovn.org/multicast-enabled": "true" });
    const phases = await tools.kubectl([...PHASES, "-l=app.kubernetes.io/name=multicast-check"]);
    expect(phases.split(" ").sort()).toEqual([
      ...Array<string>(3).fill("Failed"),
      ...Array<string>(11).fill("Running"),
    ]);
    expect((await tools.terraform("destroy", multicast)).code).toBe(0);
  }),
  5 * MINUTES,
);

test(
  "openshift-dedicated: the proxy is set with its certificates alone, and the cluster has its own again afterwards",
  story.step(async () => {
    const before = await proxySpec();
    const { text } = await tools.terraform("apply", dedicated);
    expect(errorsOf(text)).toEqual(["DenyAllPasses", "ListenerAnswers", "OffByDefault", "ProjectCarriesMulticast"]);
    expect(await proxySpec()).toMatchObject({
      httpProxy: "http://proxy.example.com:3128",
      noProxy: ".example.com,10.0.0.0/16",
    });
    const bundles = await tools.kubectl([
      "get",
      "cm",
      "-n=openshift-config",
      "-o=jsonpath={.items[*].data.ca-bundle\\.crt}",
    ]);
    expect(bundles).toContain("BBBB");
    expect(bundles + text).not.toContain("PRIVATE KEY");
    expect((await tools.terraform("destroy", dedicated)).code).toBe(0);
    expect(await proxySpec()).toEqual(before);
  }),
  6 * MINUTES,
);

test(
  "what somebody else has set is not overwritten",
  story.step(async () => {
    const set = (value: string | null) =>
      tools.kubectl([
        "patch",
        "proxy",
        "cluster",
        "--type=merge",
        `-p=${JSON.stringify({ spec: { httpProxy: value } })}`,
      ]);
    await set("http://other.example.com:1");
    const { code, text } = await tools.terraform("apply", dedicated);
    expect({ code, told: text.includes("set by somebody else; nothing was changed") }).toEqual({ code: 1, told: true });
    expect(await proxySpec()).toMatchObject({ httpProxy: "http://other.example.com:1" });
    await tools.terraform("destroy", dedicated);
    expect(await proxySpec()).toMatchObject({ httpProxy: "http://other.example.com:1" });
    await set(null);
  }),
  6 * MINUTES,
);

test(
  "a plan fails naming what is declared and what the cluster says",
  story.step(async () => {
    const wrong = (app: App) => new OpenShiftMulticast(app, "multicast", common(app, "multicast", "4.17"));
    const { code, text } = await tools.terraform("plan", wrong);
    expect(code).toBe(1);
    expect(text.replace(/\s+/g, " ")).toContain(
      'version must be what the cluster has, got "4.17", and the cluster says "4.18.9"',
    );
  }),
  MINUTES,
);

test(
  "a VLAN by NMState and a network by the network operator, and both are gone afterwards",
  story.step(async () => {
    const others = {
      spec: { additionalNetworks: [{ name: "others", namespace: "default", type: "Raw", rawCNIConfig: "{}" }] },
    };
    await tools.kubectl([
      "patch",
      "networks.operator.openshift.io",
      "cluster",
      "--type=merge",
      `-p=${JSON.stringify(others)}`,
    ]);
    const operators = new PlayedOperators(tools);
    operators.start();
    expect(await tools.terraform("apply", planes)).toMatchObject({ code: 0 });
    expect((await operatorNetworks()).split(" ").sort()).toEqual(["others", "plane"]);
    expect(await tools.terraform("plan", planes)).toMatchObject({ code: 0 });
    expect(await tools.terraform("destroy", planes)).toMatchObject({ code: 0 });
    await operators.stop();
    expect(await operatorNetworks()).toBe("others");
    expect(operators.policies).toEqual(["vlan", "vlan-absent"]);
    expect(await tools.kubectl(["get", "nncp", "-o=name"])).toBe("");
  }),
  5 * MINUTES,
);
