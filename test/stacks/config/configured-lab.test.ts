import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { STACKS } from "../../../stacks/registry";
import { READY_LABS } from "../../../stacks/config/labs";
import { root } from "../../helpers/source-files";
import { config, existingText, stacksOf, write } from "./files";

/** Terraform's backend and providers of a stack. */
interface Settings {
  readonly terraform: { readonly backend: { readonly local: { readonly path: string } } };
  readonly provider: { readonly kubernetes: readonly { readonly config_path: string }[] };
}

test("a cluster that is made has a stack of its own, below the lab's, both with their state beside the file", () => {
  const file = write(stringify(config()), "Media_1.yaml");
  const { cluster, lab } = stacksOf(file);
  const state = path.join(path.dirname(file), ".lab/media-1");
  expect(cluster!.json).toMatchObject({ terraform: { backend: { local: { path: `${state}/cluster.tfstate` } } } });
  expect(lab!.json).toMatchObject({
    terraform: { backend: { local: { path: `${state}/lab.tfstate` } } },
    provider: { kubernetes: [{ config_path: `${state}/kubeconfig` }] },
  });
});

test("name and stateDirectory are taken, and relative paths start at the file", () => {
  const file = write(`name: own\nstateDirectory: ../state\n${existingText}`);
  const stacks = stacksOf(file);
  expect(Object.keys(stacks)).toEqual(["lab"]);
  const { terraform, provider } = stacks.lab!.json as unknown as Settings;
  expect(terraform.backend.local.path).toBe(path.resolve(path.dirname(file), "../state/lab.tfstate"));
  expect(provider.kubernetes[0]!.config_path).toBe(path.join(path.dirname(file), "kubeconfig"));
});

test("~/ is the home directory", () => {
  const { lab } = stacksOf(write(existingText.replace("kubeconfigPath: kubeconfig", "kubeconfigPath: ~/.kube/config")));
  const { provider } = lab!.json as unknown as Settings;
  expect(provider.kubernetes[0]!.config_path).toBe(path.join(os.homedir(), ".kube/config"));
});

const examples = Object.keys(READY_LABS).map((lab) => `examples/${lab}.yaml`);

test.each(examples)("%s is synthesised, and has a backend for each of its stacks", (file) => {
  const stacks = Object.entries(stacksOf(path.join(root, file)));
  const state = path.join(root, "examples/.lab", path.parse(file).name);
  expect(stacks.map(([name, { json }]) => [name, (json as unknown as Settings).terraform.backend.local.path])).toEqual(
    stacks.map(([name]) => [name, `${state}/${name}.tfstate`]),
  );
  expect(stacks.map(([name]) => name)).toContain(path.parse(file).name);
});

test("a file can name every stack of the registry", () => {
  expect(Object.keys(STACKS).filter((name) => !(name in READY_LABS))).toEqual([]);
});

describe("main.ts", () => {
  const bare = { ...process.env, LAB_CONFIG: undefined, LAB_INVENTORY: undefined };

  function synthesise(environment: NodeJS.ProcessEnv) {
    const out = fs.mkdtempSync(path.join(os.tmpdir(), "lab-config-out-"));
    const env = { ...bare, CDKTF_OUTDIR: out, ...environment };
    const { status, stderr } = spawnSync("node", ["--import", "tsx", "main.ts"], { cwd: root, env, encoding: "utf8" });
    return {
      status,
      stderr,
      stacks: fs.existsSync(path.join(out, "stacks")) ? fs.readdirSync(path.join(out, "stacks")) : [],
    };
  }

  test("LAB_CONFIG is synthesised", () => {
    const LAB_CONFIG = write(stringify(config()));
    expect(synthesise({ LAB_CONFIG })).toEqual({ status: 0, stderr: "", stacks: ["cluster", "lab"] });
  }, 60_000);

  test("a wrong file ends with its faults and nothing else", () => {
    const LAB_CONFIG = write(existingText.replace("master: eth1", "mastr: eth1"));
    expect(synthesise({ LAB_CONFIG })).toEqual({
      status: 1,
      stderr:
        `${LAB_CONFIG}:1:1: master is missing; it must be a text\n` +
        `${LAB_CONFIG}:6:1: unknown key "mastr"; did you mean "master"? Known: lab, $schema, name, stateDirectory, cluster, ` +
        `master, range, namespaceName, probeImage, multusImage, usesExistingMultus, external\n`,
      stacks: [],
    });
  }, 60_000);

  test("an error that nobody expected has its line in TypeScript", () => {
    const source = fs.readFileSync(path.join(root, "stacks/lab-app.ts"), "utf8").split("\n");
    const line = source.findIndex((text) => text.includes("new App(")) + 1;
    const { status, stderr } = synthesise({ LAB_CONFIG: write(existingText), CDKTF_OUTDIR: "/proc/nowhere" });
    expect(status).toBe(1);
    expect(stderr).toContain(`stacks/lab-app.ts:${line}:`);
  }, 60_000);

  test.each<[string, NodeJS.ProcessEnv, string]>([
    ["neither file is named", {}, "no lab is named: set LAB_CONFIG"],
    ["the name is empty", { LAB_CONFIG: "" }, "no lab is named: set LAB_CONFIG"],
    [
      "both are named",
      { LAB_CONFIG: "a.yaml", LAB_INVENTORY: "b.json" },
      "LAB_CONFIG (a.yaml) and LAB_INVENTORY (b.json)",
    ],
  ])(
    "fails if %s, in one line",
    (_, environment, message) => {
      const { status, stderr } = synthesise(environment);
      expect({ status, lines: stderr.trimEnd().split("\n") }).toEqual({
        status: 1,
        lines: [expect.stringContaining(message)],
      });
    },
    60_000,
  );
});
