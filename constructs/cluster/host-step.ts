import * as path from "node:path";
import { localPath } from "./local-path";
import type { SshHost } from "./ssh-host";
import { dataResource } from "../private/data-resource";
import { scriptProvisioner, stackAsset } from "../private/script-step";
import { Construct, type DataResource, type ITerraformDependable } from "../private/terraform";
import { literalText } from "../private/terraform-text";

/** A step of constructs/cluster/assets/run.sh. */
export type StepName = "guard-create" | "guard-destroy" | "files" | "install" | "ready";

/** One run of a step. */
export interface StepRun {
  /** Host that the step runs on. */
  readonly host: SshHost;
  /** What the host's script finds as files values/NAME. Every run of a step has the same names. */
  readonly values: Readonly<Record<string, string>>;
  /** What only the runner on this machine needs, by environment name. */
  readonly local?: Readonly<Record<string, string>>;
  /** A change of this runs the step again; any other change is only noted. */
  readonly runAgainWhen: string;
}

/** Props of {@link HostStep}. */
export interface HostStepProps {
  /** Name of the lab on its hosts. */
  readonly labName: string;
  /** Resource whose `id` tells this deployment from any other of the same name. */
  readonly identity: DataResource;
  /** Absolute path of the directory on this machine where kubeconfig, token, baselines and residue go. */
  readonly stateDirectory: string;
  /** Step that creating the resource runs. */
  readonly create: StepName;
  /** Step that destroying the resource runs. */
  readonly destroy?: StepName;
  /** The runs, one for each host. */
  readonly runs: readonly StepRun[];
  /** What must be done before. */
  readonly dependsOn?: ITerraformDependable[];
  /** Files that the step leaves in the state directory; it runs again when one of them is gone. */
  readonly restores?: readonly string[];
}

/**
 * One step on some hosts: a `terraform_data` with an instance for each host, so that a host that leaves the list still finds its
 * destroy step in the configuration (Terraform drops the provisioners of a resource block that is gone:
 * https://developer.hashicorp.com/terraform/language/resources/provisioners/syntax#destroy-time-provisioners).
 */
export class HostStep extends Construct {
  /** The `terraform_data`. */
  public readonly resource: DataResource;

  /** @internal only a cluster knows the steps of its hosts */
  public constructor(scope: Construct, id: string, props: HostStepProps) {
    super(scope, id);
    const instances = props.runs.map((run) => [hostKeyOf(run.host), instanceOf(props, run)] as const);
    const names = Object.keys(instances[0]?.[1].input ?? {});
    const script = `${hostScripts(this)}/run.sh`;
    const provisioners = (["create", "destroy"] as const).flatMap((when) => {
      const step = props[when];
      return step ? [scriptProvisioner({ script, step, when, names })] : [];
    });
    this.resource = dataResource(this, "Resource", { dependsOn: props.dependsOn, provisioners });
    this.resource.addOverride("for_each", Object.fromEntries(instances));
    this.resource.addOverride("input", "${each.value.input}");
    this.resource.addOverride("triggers_replace", `\${${triggerOf(props)}}`);
  }
}

/** A host is known by where it is reached: its node may get another name, and two nodes may swap theirs. */
function hostKeyOf({ address, port }: SshHost): string {
  return port === 22 ? address : `${address} port ${port}`;
}

/**
 * What makes the step run again. `timestamp()` is unknown while Terraform plans and replaced by the same text as ever when it applies: a plan that finds a
 * file gone replaces the step, and the next one finds nothing to do
 * (https://developer.hashicorp.com/terraform/language/functions/timestamp).
 */
function triggerOf({ restores = [] }: HostStepProps): string {
  const again = "each.value.run_again_when";
  if (restores.length === 0) return again;
  const present = restores.map((name) => `fileexists(join("/", [each.value.input.LAB_STATE_DIRECTORY, "${name}"]))`);
  return `${present.join(" && ")} ? ${again} : replace(timestamp(), "/^.*$/", ${again})`;
}

function instanceOf(
  { labName, stateDirectory, identity }: HostStepProps,
  { host, values, local, runAgainWhen }: StepRun,
) {
  const input = {
    ...connectionTo(host),
    LAB_STATE_DIRECTORY: stateDirectory,
    LAB_NAME: labName,
    ...local,
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`LAB_VALUE_${name}`, value])),
  };
  const literal = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, literalText(value)]));
  return {
    input: { ...literal, LAB_IDENTITY: `\${${identity.terraformResourceType}.${identity.friendlyUniqueId}.id}` },
    run_again_when: literalText(runAgainWhen),
  };
}

/** What assets/connection.sh reads from its environment. */
export function connectionTo(host: SshHost) {
  return {
    LAB_HOST: host.nodeName,
    LAB_ADDRESS: host.address,
    LAB_PORT: String(host.port),
    LAB_USER: host.user,
    LAB_PRIVATE_KEY_PATH: localPath(host.privateKeyPath),
    LAB_HOST_KEY: host.hostKey,
  };
}

/** The path of the hosts' scripts inside the synthesised stack. */
export function hostScripts(scope: Construct): string {
  return stackAsset(scope, "HostSteps", path.join(__dirname, "assets"));
}
