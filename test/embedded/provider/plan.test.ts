import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { App } from "../../../constructs/private/terraform";
import { LabStack } from "../../../stacks/lab-stack";
import { missing, paths, real, TerraformAtHand } from "../../helpers/terraform-at-hand";
import { TestCluster } from "../../helpers/test-cluster";

const title = "Terraform, the providers and no cluster";

(paths === undefined ? describe.skip : describe)(paths ? title : `${title} (not here: ${missing.join(", ")})`, () => {
  let directory: string;
  let terraform: (...args: string[]) => Promise<{ stdout: string }>;

  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "provider-plan-"));
    const atHand = new TerraformAtHand(directory);
    terraform = (...args) => atHand.run("out", "lab", ...args);
    synthLab(directory);
    await terraform("init", "-no-color");
  }, 60_000);

  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

  test("the lab stack is valid", async () => {
    const { stdout } = await terraform("validate", "-json");
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
  }, 60_000);

  test("the lab stack can be planned before there is a kubeconfig", async () => {
    await terraform("plan", "-input=false", "-out=plan");
    const { stdout } = await terraform("show", "-json", "plan");
    const { resource_changes: changes } = JSON.parse(stdout) as {
      resource_changes: { type: string; change: { actions: string[] } }[];
    };
    expect(new Set(changes.flatMap(({ change }) => change.actions))).toEqual(new Set(["create"]));
    expect(changes.map(({ type }) => type)).toEqual(expect.arrayContaining(["kubernetes_pod_v1", "helm_release"]));
  }, 60_000);

  // The real one goes on without it and tries localhost (hashicorp/kubernetes 2.38.0).
  (real.includes("provider-kubernetes") ? describe.skip : describe)("and the embedded one", () => {
    test("an apply names the kubeconfig that is not there", async () => {
      const kubeconfig = path.join(directory, "kubeconfig");
      await expect(terraform("apply", "-auto-approve", "-input=false", "-no-color")).rejects.toMatchObject({
        stderr: expect.stringContaining(kubeconfig) as string,
      });
    }, 60_000);
  });
});

function synthLab(directory: string): void {
  const app = new App({ outdir: path.join(directory, "out") });
  const cluster = Object.assign(new TestCluster(app), { kubeconfigPath: path.join(directory, "kubeconfig") });
  new LabStack(app, "lab", {
    cluster,
    statePath: path.join(directory, "lab.tfstate"),
    master: "eth1",
    range: { subnet: "198.19.99.0/24", rangeStart: "198.19.99.50", rangeEnd: "198.19.99.99" },
    probeImage: "lab.local/probe:1",
  });
  app.synth();
}
