import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Revision } from "../../../constructs/private/revision";
import { App, DataResource, LocalBackend, TerraformStack } from "../../../constructs/private/terraform";
import { missing, paths, TerraformAtHand } from "../../helpers/terraform-at-hand";

/** What a test varies in a network, a policy, a pod on both and a verdict on the pod, each a `terraform_data` that stands for an object. */
interface Variation {
  readonly master?: string;
  readonly policy?: string | null;
  readonly version?: string;
  readonly unrelated?: string;
}

function build(outdir: string, { master = "eth1", policy = "deny", version = "1", unrelated = "a" }: Variation): void {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "lab");
  new LocalBackend(stack, { path: path.join(outdir, "lab.tfstate") });
  const network = new DataResource(stack, "Network", { input: { master } });
  const policies = policy === null ? [] : [new DataResource(stack, "Policy", { input: { policy } })];
  new DataResource(stack, "Unrelated", { input: { unrelated } });
  const made = (id: string, dependsOn: DataResource[]): DataResource => {
    const revision = Revision.ofDependenciesOf(
      stack,
      `${id}Revision`,
      () => resource,
      () => ({ version }),
    );
    // As with the environment of a pod: another value is another pod.
    const resource: DataResource = new DataResource(stack, id, { triggersReplace: { env: revision.id }, dependsOn });
    return resource;
  };
  made("Verdict", [made("Pod", [network, ...policies])]);
  app.synth();
}

const title = "what is made anew";

(paths === undefined ? describe.skip : describe)(paths ? title : `${title} (not here: ${missing.join(", ")})`, () => {
  let directory: string;
  let outdir: string;
  let terraform: (...args: string[]) => Promise<{ stdout: string }>;

  beforeEach(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "revision-"));
    outdir = path.join(directory, "out");
    const atHand = new TerraformAtHand(directory);
    terraform = (...args) => atHand.run("out", "lab", ...args);
    build(outdir, {});
    await terraform("init", "-no-color");
    await terraform("apply", "-auto-approve", "-no-color");
  });

  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

  /** Names of what a plan would make anew. */
  async function replaced(): Promise<string[]> {
    await terraform("plan", "-out=plan");
    const { stdout } = await terraform("show", "-json", "plan");
    const { resource_changes: changes } = JSON.parse(stdout) as {
      resource_changes: { name: string; change: { actions: string[] } }[];
    };
    const isReplaced = ({ actions }: { actions: string[] }) => actions.includes("delete") && actions.includes("create");
    // A resource's name ends in a hash where its construct is not the stack's own child.
    const names = changes.filter(({ change }) => isReplaced(change)).map(({ name }) => name.split("_")[0]!);
    return names.sort();
  }

  const all = ["Pod", "PodRevision", "Verdict", "VerdictRevision"];

  test("nothing, where nothing has changed", async () => {
    build(outdir, { unrelated: "b" });
    expect(await replaced()).toEqual([]);
  });

  test.each<[string, Variation]>([
    ["a resource is changed in place", { master: "eth9" }],
    ["one that another stands beside is changed", { policy: "allow" }],
    ["one is no longer there", { policy: null }],
    ["what Terraform does not make is another", { version: "2" }],
  ])("all that stands on it, where %s", async (_, variation) => {
    build(outdir, variation);
    expect(await replaced()).toEqual(all);
    await terraform("apply", "-auto-approve", "-no-color");
    expect(await replaced()).toEqual([]);
  });

  test("all that stands on it, where a resource is gone and made again", async () => {
    const { stdout } = await terraform("state", "list");
    const network = stdout.split("\n").find((address) => address.startsWith("terraform_data.Network"));
    await terraform("state", "rm", network!);
    expect(await replaced()).toEqual(all);
  });

  test("the verdict, where its pod is gone and made again", async () => {
    await terraform("state", "rm", "terraform_data.Pod");
    expect(await replaced()).toEqual(["Verdict", "VerdictRevision"]);
  });

  test("all that stands on it, also where an apply ended after the change", async () => {
    build(outdir, { master: "eth9" });
    await terraform("apply", "-auto-approve", "-no-color", "-target=terraform_data.Network");
    expect(await replaced()).toEqual(all);
  });

  test("the verdict, also where an apply ended after its pod was made", async () => {
    build(outdir, { master: "eth9" });
    await terraform("apply", "-auto-approve", "-no-color", "-target=terraform_data.Pod");
    expect(await replaced()).toEqual(["Verdict", "VerdictRevision"]);
  });
});
