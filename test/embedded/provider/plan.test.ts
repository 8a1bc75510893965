import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { App } from "../../../constructs/private/terraform";
import { PLATFORM, PROVIDER_VERSIONS, type ProviderName } from "../../../embedded/artifacts";
import { LabStack } from "../../../stacks/lab-stack";
import { TestCluster } from "../../helpers/test-cluster";

interface AtHand {
  readonly missing: readonly string[];
  readonly paths?: Readonly<Record<"terraform" | `provider-${ProviderName}`, string>>;
}

const printed = execFileSync(process.execPath, ["--import", "tsx", path.join(__dirname, "print-offers.ts")]);
const { missing, paths } = JSON.parse(printed.toString()) as AtHand;
const title = "Terraform, the embedded providers and no cluster";

(paths === undefined ? describe.skip : describe)(paths ? title : `${title} (not here: ${missing.join(", ")})`, () => {
  let directory: string;
  let environment: NodeJS.ProcessEnv;
  const terraform = (...args: string[]) =>
    promisify(execFile)(paths!.terraform, args, { cwd: path.join(directory, "out/stacks/lab"), env: environment });

  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "provider-plan-"));
    environment = { ...process.env, TF_CLI_CONFIG_FILE: path.join(directory, "terraformrc"), CHECKPOINT_DISABLE: "1" };
    writeMirror(directory);
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

  test("an apply names the kubeconfig that is not there", async () => {
    const kubeconfig = path.join(directory, "kubeconfig");
    await expect(terraform("apply", "-auto-approve", "-input=false", "-no-color")).rejects.toMatchObject({
      stderr: expect.stringContaining(kubeconfig) as string,
    });
  }, 60_000);
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

/** A mirror as `./lab` writes it: https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror */
function writeMirror(directory: string): void {
  const mirror = path.join(directory, "mirror");
  for (const name of Object.keys(PROVIDER_VERSIONS) as ProviderName[]) {
    for (const registry of ["registry.terraform.io", "registry.opentofu.org"]) {
      const target = path.join(mirror, registry, "hashicorp", name, PROVIDER_VERSIONS[name], PLATFORM);
      fs.mkdirSync(target, { recursive: true });
      const program = paths![`provider-${name}`];
      fs.symlinkSync(program, path.join(target, path.basename(program)));
    }
  }
  const configuration = `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
  fs.writeFileSync(path.join(directory, "terraformrc"), configuration);
}
