/** A user's own providers beside those that the constructs make, in one stack. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { providersOf } from "../../../constructs";
import { DataResource, TerraformStack, App, Construct } from "../../../constructs/private/terraform";
import { HelmProvider, KubernetesProvider } from "../../../constructs/private/kubernetes";
import { newStack, synthStack } from "../../helpers/synth";
import { missing, paths, TerraformAtHand } from "../../helpers/terraform-at-hand";
import { surroundings, TestCluster } from "../../helpers/test-cluster";
import { Ipam, MacvlanNetwork, MulticastNamespace } from "../../../constructs";

interface Providers {
  readonly provider: Record<"kubernetes" | "helm", { alias?: string; config_path?: string }[]>;
  readonly resource: Record<string, Record<string, { provider: string }>>;
}

function synthesised(build: (stack: TerraformStack) => void): Providers {
  const stack = newStack();
  build(stack);
  return synthStack(stack).json as never;
}

const network = (stack: TerraformStack) =>
  new MacvlanNetwork(stack, "Plane", { ...surroundings(stack), master: "eth1", ipam: Ipam.none() });
const own = (stack: TerraformStack, id: string, alias?: string) =>
  new KubernetesProvider(stack, id, { configPath: "~/.kube/config", alias });

test("alone ours are the default, as they always were", () => {
  const { provider, resource } = synthesised(network);
  expect(provider.helm.map(({ alias }) => alias)).toEqual([undefined]);
  expect(Object.values(resource.helm_release!).map((each) => each.provider)).toEqual(["helm"]);
});

test.each(["before", "after"])("a default provider of the user's, made %s ours, stays the default", (when) => {
  const { provider, resource } = synthesised((stack) => {
    if (when === "before") new HelmProvider(stack, "Helm", {});
    network(stack);
    if (when === "after") new HelmProvider(stack, "Helm", {});
    own(stack, "Kubernetes");
  });
  for (const kind of ["kubernetes", "helm"] as const)
    expect(provider[kind].map(({ alias }) => alias).sort()).toEqual(["cluster0", undefined]);
  expect(Object.values(resource.helm_release!).map((each) => each.provider)).toEqual(["helm.cluster0"]);
});

test("aliases of the user's are left to the user", () => {
  const { provider } = synthesised((stack) => {
    own(stack, "One");
    own(stack, "Two", "cluster0");
    own(stack, "Three", "cluster1");
    for (const id of ["A", "B", "C"]) {
      const cluster = new TestCluster(stack, id);
      new MulticastNamespace(stack, `In${id}`, { cluster, namespaceName: `in-${id.toLowerCase()}` });
    }
  });
  const aliases = provider.kubernetes.map(({ alias }) => alias);
  expect(aliases).toHaveLength(6);
  expect(new Set(aliases).size).toBe(6);
  expect(provider.kubernetes.filter((each) => each.config_path === "~/.kube/config").map(({ alias }) => alias)).toEqual(
    expect.arrayContaining([undefined, "cluster0", "cluster1"]),
  );
});

test("ids of the user's stay free", () => {
  const taken = (stack: TerraformStack) => ["Kubernetes", "Helm"].map((id) => new Construct(stack, id));
  expect(() => synthesised((stack) => [network(stack), taken(stack)])).not.toThrow();
  expect(() => synthesised((stack) => [taken(stack), network(stack)])).not.toThrow();
});

const title = "Terraform takes such a stack";
(paths === undefined ? describe.skip : describe)(paths ? title : `${title} (not here: ${missing.join(", ")})`, () => {
  let directory: string;
  beforeAll(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), "own-providers-"))));
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

  test("with dependencies between constructs", async () => {
    const app = new App({ outdir: path.join(directory, "out"), skipValidation: true });
    const stack = new TerraformStack(app, "lab");
    const kubernetes = own(stack, "Kubernetes");
    const plane = network(stack);
    const namespace = new MulticastNamespace(stack, "Own", {
      cluster: new TestCluster(stack, "Two"),
      namespaceName: "own",
    });
    namespace.node.addDependency(plane);
    new DataResource(stack, "After").node.addDependency(namespace);
    expect(providersOf(stack, surroundings(new Construct(stack, "More")).cluster).kubernetes).not.toBe(kubernetes);
    app.synth();
    const terraform = new TerraformAtHand(directory);
    await terraform.run("out", "lab", "init", "-no-color");
    const { stdout } = await terraform.run("out", "lab", "validate", "-json");
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
  }, 60_000);
});
