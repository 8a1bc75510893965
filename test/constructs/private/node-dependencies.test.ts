/** `a.node.addDependency(b)` of construct trees reaches Terraform, where CDKTF 0.21 drops it (https://github.com/hashicorp/terraform-cdk/issues/785). */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as library from "../../../constructs";
import {
  App,
  Aspects,
  Construct,
  DataResource,
  TerraformResource,
  TerraformStack,
  type IConstruct,
} from "../../../constructs/private/terraform";
import { faultsOf } from "../../helpers/faults";
import { newStack, synth, synthStack, type Synthesised } from "../../helpers/synth";
import { surroundings, TestCluster } from "../../helpers/test-cluster";

function policyIn(
  scope: Construct,
  id = "Vlan",
  cluster: library.ICluster = new TestCluster(scope, "OpenShift", "openshift"),
) {
  const state = library.NodeNetworkState.vlan({ baseInterface: "ens4", id: 120 });
  return new library.NodeNetworkPolicy(scope, id, { cluster, state });
}

function planeIn(scope: Construct, id = "Plane") {
  const ipam = library.Ipam.hostLocal({ subnet: "10.20.0.0/24" });
  return new library.MacvlanNetwork(scope, id, { ...surroundings(scope), master: "eth1", ipam });
}

/** Addresses of what waits for something whose address matches. */
function waitingFor(address: RegExp, { json }: Synthesised): string[] {
  const blocks = { ...json.resource, ...prefixed(json as { data?: Blocks }) };
  return Object.entries(blocks).flatMap(([type, all]) =>
    Object.entries(all).flatMap(([id, { depends_on: waits = [] }]) =>
      (waits as string[]).some((each) => address.test(each)) ? [`${type}.${id}`] : [],
    ),
  );
}

type Blocks = Record<string, Record<string, Record<string, unknown>>>;
const prefixed = ({ data = {} }: { data?: Blocks }): Blocks =>
  Object.fromEntries(Object.entries(data).map(([type, all]) => [`data.${type}`, all]));

const POLICY = /^terraform_data\.Vlan_Policy/;

test("what a network makes waits for what it depends on", () => {
  const result = synth((stack) => planeIn(stack).node.addDependency(policyIn(stack)));
  expect(waitingFor(POLICY, result)).toEqual([expect.stringMatching(/^helm_release\.Plane_/)]);
  // Once, though a stack is synthesised more than once.
  const [release] = result.all("helm_release");
  const waits = release!.depends_on as string[];
  expect(new Set(waits).size).toBe(waits.length);
});

test("a dependency counts for children that are made after it", () => {
  const result = synth((stack) => {
    const scope = new Construct(stack, "Scope");
    scope.node.addDependency(policyIn(stack));
    new DataResource(new Construct(scope, "Later"), "Step");
    planeIn(scope);
  });
  const waiting = waitingFor(POLICY, result);
  expect(waiting).toContainEqual(expect.stringMatching(/^terraform_data\.Scope_Later_Step/));
  expect(waiting).toContainEqual(expect.stringMatching(/^helm_release\.Scope_Plane_/));
});

test("a resource of the user's waits for a construct, and a construct for it", () => {
  const result = synth((stack) => {
    const before = new DataResource(stack, "Before");
    const plane = planeIn(stack);
    plane.node.addDependency(before);
    new DataResource(stack, "After").node.addDependency(plane);
  });
  expect(waitingFor(/^terraform_data\.Before$/, result)).toEqual([expect.stringMatching(/^helm_release\.Plane_/)]);
  expect(waitingFor(/^helm_release\.Plane_/, result)).toEqual(["terraform_data.After"]);
});

test("checks, releases, host steps and data sources wait, and resources that were given depends_on keep it", () => {
  const result = synth((stack) => {
    const first = new DataResource(stack, "First");
    const network = planeIn(stack);
    const group = library.MulticastGroup.of("239.1.1.1", { port: 5004 });
    const check = new library.MulticastCheck(stack, "Check", { network, group });
    const nodes = [{ name: "node-1", role: "server" as const }];
    const openshift = library.OpenShiftCluster.fromKubeconfig(stack, "Read", { kubeconfigPath: "/k", nodes });
    const reading = openshift.readIn(stack);
    for (const each of [check, reading]) each.node.addDependency(first);
  });
  const waiting = waitingFor(/^terraform_data\.First$/, result);
  const pods = result.all("kubernetes_pod_v1");
  expect(pods.length).toBeGreaterThan(1);
  expect(waiting.filter((each) => each.startsWith("kubernetes_pod_v1."))).toHaveLength(pods.length);
  expect(waiting).toContainEqual(expect.stringMatching(/^data\.kubernetes_resource\./));
  for (const { depends_on: waits } of pods) expect((waits as string[]).length).toBeGreaterThan(1);
});

test("all else in a scope waits for one part of it, and a part for all else of its scope", () => {
  const result = synth((stack) => {
    const scope = new Construct(stack, "Scope");
    const [first, second, last] = ["First", "Second", "Last"].map((id) => new DataResource(scope, id));
    planeIn(stack);
    scope.node.addDependency(first!);
    expect(second).toBeDefined();
    last!.node.addDependency(new Construct(stack, "Empty"));
  });
  expect(waitingFor(/^terraform_data\.Scope_First/, result)).toEqual([
    expect.stringMatching(/^terraform_data\.Scope_Last/),
    expect.stringMatching(/^terraform_data\.Scope_Second/),
  ]);
  const other = synth((stack) => {
    planeIn(stack);
    const scope = new Construct(stack, "Scope");
    new DataResource(scope, "First");
    new DataResource(scope, "Last").node.addDependency(scope);
  });
  expect(waitingFor(/^terraform_data\.Scope_First/, other)).toEqual([
    expect.stringMatching(/^terraform_data\.Scope_Last/),
  ]);
});

test("what stands between two constructs and makes nothing is passed over", () => {
  const result = synth((stack) => {
    planeIn(stack).node.addDependency(emptyAfter(stack, policyIn(stack)));
  });
  expect(waitingFor(POLICY, result)).toEqual([expect.stringMatching(/^helm_release\.Plane_/)]);
});

function emptyAfter(scope: Construct, before: IConstruct): Construct {
  const empty = new Construct(scope, "Between");
  new Construct(empty, "Part");
  empty.node.addDependency(before);
  return empty;
}

test("a dependency that an aspect of the user's adds counts", () => {
  const result = synth((stack) => {
    const policy = policyIn(stack);
    const plane = planeIn(stack);
    Aspects.of(stack).add({ visit: (node) => node === plane && plane.node.addDependency(policy) });
  });
  expect(waitingFor(POLICY, result)).toEqual([expect.stringMatching(/^helm_release\.Plane_/)]);
});

test("a circle is refused and named, also where one half of it is a reference", () => {
  const circle = (build: (stack: TerraformStack) => void) => {
    const stack = newStack();
    build(stack);
    return faultsOf(() => synthStack(stack));
  };
  const faults = circle((stack) => {
    const [plane, policy] = [planeIn(stack), policyIn(stack)];
    plane.node.addDependency(policy);
    policy.node.addDependency(plane);
  });
  expect(faults).toEqual([
    expect.stringMatching(/^\[lab\/Plane\] node\.addDependency must not lead back to .*lab\/Vlan.*lab\/Plane/),
  ]);
  const reference = circle((stack) => {
    const plane = planeIn(stack);
    const step = new DataResource(stack, "Step", { input: { after: (plane.resource as TerraformResource).fqn } });
    plane.node.addDependency(step);
  });
  expect(reference).toEqual([
    expect.stringMatching(/^\[lab\/Plane\] node\.addDependency must not lead back to .*lab\/Step/),
  ]);
  const itself = circle((stack) => {
    const plane = planeIn(stack);
    plane.node.addDependency(plane);
  });
  expect(itself).toEqual([expect.stringMatching(/^\[lab\/Plane\] node\.addDependency must not/)]);
});

test("what has nothing that could wait is refused", () => {
  const stack = newStack();
  const policy = policyIn(stack);
  const { namespace } = surroundings(stack);
  const existing = library.NetworkAttachmentDefinition.fromNetworkName(stack, "Existing", {
    namespace,
    networkName: "x",
  });
  existing.node.addDependency(policy);
  expect(faultsOf(() => synthStack(stack))).toEqual([
    expect.stringMatching(/^\[lab\/Existing\] node\.addDependency must .*lab\/Vlan.*; use /),
  ]);
});

describe("across stacks", () => {
  let outdir: string;
  beforeEach(() => (outdir = fs.mkdtempSync(path.join(os.tmpdir(), "dependencies-"))));
  afterEach(() => fs.rmSync(outdir, { recursive: true }));

  function manifestOf(build: (app: App) => void): Record<string, { dependencies: string[] }> {
    const app = new App({ outdir, skipValidation: true });
    build(app);
    app.synth();
    return (JSON.parse(fs.readFileSync(path.join(outdir, "manifest.json"), "utf8")) as { stacks: never }).stacks;
  }

  test("the one stack is deployed after the other, whichever was made first", () => {
    const manifest = manifestOf((app) => {
      const [users, ours, later] = ["users", "ours", "later"].map((id) => new TerraformStack(app, id));
      const plane = planeIn(ours!);
      new DataResource(users!, "Step").node.addDependency(plane);
      new DataResource(later!, "Step").node.addDependency(plane);
    });
    expect(manifest.users!.dependencies).toEqual(["ours"]);
    expect(manifest.later!.dependencies).toEqual(["ours"]);
    const text = fs.readFileSync(path.join(outdir, "stacks/users/cdk.tf.json"), "utf8");
    expect(text).not.toContain("depends_on");
  });

  test("stacks that would wait for each other are refused", () => {
    const faults = faultsOf(() =>
      manifestOf((app) => {
        const [one, two] = ["one", "two"].map((id) => new TerraformStack(app, id));
        const [plane, other] = [planeIn(one!), planeIn(two!)];
        plane.node.addDependency(other);
        other.node.addDependency(plane);
      }),
    );
    expect(faults).toEqual([expect.stringMatching(/^\[two\/Plane\] node\.addDependency must .*stack/)]);
  });
});

test("what depends on nothing waits for nothing more", () => {
  const [release] = synth((stack) => void planeIn(stack)).all("helm_release");
  expect(release!.depends_on).toEqual([]);
});
