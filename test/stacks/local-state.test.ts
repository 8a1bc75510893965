import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  CloudBackend,
  HttpBackend,
  LocalBackend,
  NamedCloudWorkspace,
  NamedRemoteWorkspace,
  RemoteBackend,
  S3Backend,
} from "cdktf";
import { App, TerraformStack } from "../../constructs/private/terraform";
import { keepState } from "../../stacks/local-state";
import { newStack, synthStack } from "../helpers/synth";

interface TerraformBlock {
  readonly backend: unknown;
  readonly required_version: string;
}

test("a stack keeps its state in the file and says which Terraform it needs", () => {
  const stack = newStack();
  keepState(stack, "/var/lib/lab/it.tfstate");
  const { terraform } = synthStack(stack).json as unknown as { terraform: TerraformBlock };
  expect(terraform.backend).toEqual({ local: { path: "/var/lib/lab/it.tfstate" } });
  expect(terraform.required_version).toBe(">= 1.4.0");
});

test("fails if the path is none", () => {
  expect(() => keepState(newStack(), "")).toThrow(/statePath/);
});

const teams: Record<string, (stack: TerraformStack) => unknown> = {
  s3: (stack) => new S3Backend(stack, { bucket: "team-state", key: "lab", region: "eu-central-1" }),
  http: (stack) => new HttpBackend(stack, { address: "https://state.example.com/lab" }),
  remote: (stack) => new RemoteBackend(stack, { organization: "team", workspaces: new NamedRemoteWorkspace("lab") }),
  cloud: (stack) => new CloudBackend(stack, { organization: "team", workspaces: new NamedCloudWorkspace("lab") }),
  local: (stack) => new LocalBackend(stack, { path: "own.tfstate", workspaceDir: "workspaces" }),
};

/** What an app writes for the stack, whose preparation makes a backend where there is none. */
function terraformOf(build: (stack: TerraformStack) => void): { terraform: TerraformBlock & { cloud?: unknown } } {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), "local-state-"));
  try {
    const app = new App({ outdir, skipValidation: true });
    build(new TerraformStack(app, "lab"));
    app.synth();
    return JSON.parse(fs.readFileSync(path.join(outdir, "stacks/lab/cdk.tf.json"), "utf8")) as never;
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

test.each(Object.entries(teams))("a backend of the user's own, %s, takes the file's place", (name, make) => {
  const before = terraformOf((stack) => {
    make(stack);
    keepState(stack, "/srv/lab.tfstate");
  });
  const after = terraformOf((stack) => {
    keepState(stack, "/srv/lab.tfstate");
    make(stack);
  });
  for (const { terraform } of [before, after]) {
    expect(Object.keys(terraform.backend ?? { cloud: terraform.cloud })).toEqual([name]);
    expect(JSON.stringify(terraform)).not.toContain("/srv/lab.tfstate");
  }
});

test("an app's stack keeps its state in the file, and in CDKTF's own where none is named", () => {
  const { terraform } = terraformOf((stack) => keepState(stack, "/srv/lab.tfstate"));
  expect(terraform.backend).toEqual({ local: { path: "/srv/lab.tfstate" } });
  const usual = terraformOf((stack) => keepState(stack, undefined)).terraform;
  expect(usual.backend).toEqual({ local: { path: path.resolve("terraform.lab.tfstate") } });
});
