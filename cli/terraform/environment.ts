import type { Artifacts } from "../../embedded/artifacts";
import type { LabFiles } from "../lab-files";
import { LAB_MARK } from "../process/left-over";

/** What `./lab` adds to the environment of cdktf and Terraform; `./lab env` prints it. */
export function labEnvironment(files: LabFiles, artifacts: Artifacts): Record<string, string> {
  return {
    LAB_INVENTORY: files.inventory,
    CDKTF_OUTDIR: files.out,
    // cdktf takes its options from CDKTF_* too: --output, and --skip-provider-lock, since the lock asks the registry only.
    CDKTF_OUTPUT: files.out,
    CDKTF_SKIP_PROVIDER_LOCK: "true",
    TERRAFORM_BINARY_NAME: artifacts.terraform.path,
    TF_CLI_CONFIG_FILE: files.terraformConfig,
    // A cache of unpacked providers would be shared between labs with real providers and labs with stand-ins.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    // Both would wait for servers that a machine without internet does not reach.
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    KUBECONFIG: files.kubeconfig,
  };
}

/** The environment of a child of ours that works on the lab. */
export function childEnvironment(
  files: LabFiles,
  artifacts: Artifacts,
  labDirectory: string,
): Record<string, string | undefined> {
  return {
    ...process.env,
    ...labEnvironment(files, artifacts),
    // A lab of `./lab` is named by its inventory; a file of the user's names another.
    LAB_CONFIG: undefined,
    [LAB_MARK]: labDirectory,
    TF_IN_AUTOMATION: "1",
    NO_COLOR: "1",
    FORCE_COLOR: "0",
    CI: "1",
  };
}
