import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { PLATFORM, PROVIDER_VERSIONS, type ProviderName } from "../../embedded/artifacts";

type Program = "terraform" | `provider-${ProviderName}`;

interface AtHand {
  readonly missing: readonly Program[];
  /** Those that are the released part, not our stand-in. */
  readonly real: readonly Program[];
  readonly paths?: Readonly<Record<Program, string>>;
}

/** `./lab test` has made them and says where they are. */
const { LAB_TEST_TERRAFORM: told } = process.env;
const printed =
  told ??
  execFileSync(process.execPath, ["--import", "tsx", path.join(__dirname, "print-offers.ts")], { encoding: "utf8" });

/** Terraform and the providers, the real ones or the embedded, where they are on this machine without building or fetching anything. */
export const { missing, real, paths } = JSON.parse(printed) as AtHand;

/** Terraform on synthesised stacks, with the providers at hand and nothing from the network. */
export class TerraformAtHand {
  private readonly environment: NodeJS.ProcessEnv;

  /** @param directory of the test, for the mirror and Terraform's configuration. */
  public constructor(private readonly directory: string) {
    const configuration = path.join(directory, "terraformrc");
    this.environment = { ...process.env, TF_CLI_CONFIG_FILE: configuration, CHECKPOINT_DISABLE: "1" };
    writeMirror(directory, configuration);
  }

  /** Runs Terraform in the stack's directory below `outdir`, as `cdktf` does. */
  public run(outdir: string, stack: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
    if (paths === undefined) throw new Error(`not here: ${missing.join(", ")}`);
    const cwd = path.join(this.directory, outdir, "stacks", stack);
    return promisify(execFile)(paths.terraform, args, { cwd, env: this.environment });
  }
}

/** A mirror as `./lab` writes it: https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror */
function writeMirror(directory: string, configuration: string): void {
  const mirror = path.join(directory, "mirror");
  for (const name of Object.keys(PROVIDER_VERSIONS) as ProviderName[]) {
    for (const registry of ["registry.terraform.io", "registry.opentofu.org"]) {
      const target = path.join(mirror, registry, "hashicorp", name, PROVIDER_VERSIONS[name], PLATFORM);
      fs.mkdirSync(target, { recursive: true });
      const program = paths![`provider-${name}`];
      fs.symlinkSync(program, path.join(target, path.basename(program)));
    }
  }
  const text = `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
  fs.writeFileSync(configuration, text);
}
