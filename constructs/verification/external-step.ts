import { connectionTo, hostScripts } from "../cluster/host-step";
import type { SshHost } from "../cluster/ssh-host";
import { dataResource } from "../private/data-resource";
import {
  Construct,
  type DataResource,
  type ITerraformDependable,
  type LocalExecProvisioner,
} from "../private/terraform";
import type { DeploymentIdentity } from "./deployment-identity";
import { literalText } from "../private/terraform-text";

/** A step of constructs/cluster/assets/external.sh. */
export type ExternalStepName = "prepare" | "start" | "stop" | "clean";

/** Props of {@link ExternalStep}. */
export interface ExternalStepProps {
  /** The machine. */
  readonly host: SshHost;
  /** What the machine's script finds as files values/NAME. */
  readonly values: Readonly<Record<string, string>>;
  /** What only the runner on this machine needs, by environment name. */
  readonly local?: Readonly<Record<string, string>>;
  /** Step that creating the resource runs; nothing where undefined. */
  readonly create?: ExternalStepName;
  /** Step that destroying the resource runs; nothing where undefined. */
  readonly destroy?: ExternalStepName;
  /** Whose identity the machine knows it by; its own where undefined. */
  readonly identity?: ExternalStep;
  /** Whose key the machine's script finds as the file values/KEY; none where undefined. */
  readonly deployment?: DeploymentIdentity;
  /** What must be done before. */
  readonly dependsOn?: ITerraformDependable[];
}

/** One step on a machine outside the cluster: a `terraform_data`, made anew when anything of it changes. */
export class ExternalStep extends Construct {
  /** The `terraform_data`. */
  public readonly resource: DataResource;

  public constructor(scope: Construct, id: string, props: ExternalStepProps) {
    super(scope, id);
    const { host, identity, create, destroy, deployment } = props;
    const texts = {
      ...connectionTo(host),
      ...props.local,
      ...Object.fromEntries(Object.entries(props.values).map(([name, value]) => [`LAB_VALUE_${name}`, value])),
    };
    const literal = Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, literalText(value)]));
    const input = {
      ...literal,
      ...(identity && { LAB_VALUE_ID: `\${${identity.reference}.id}` }),
      // Another deployment has another key, which itself must not stand in here: `output` would show it.
      ...(deployment && { LAB_DEPLOYMENT: deployment.id }),
    };
    const names = Object.keys(input);
    const provisioners: LocalExecProvisioner[] = [];
    const secrets = deployment && { LAB_VALUE_KEY: deployment.keyForStep };
    if (create) provisioners.push(provisioner(this, names, "create", create, secrets));
    if (destroy) provisioners.push(provisioner(this, names, "destroy", destroy));
    this.resource = dataResource(this, "Resource", {
      input,
      triggersReplace: input,
      provisioners,
      dependsOn: props.dependsOn,
    });
  }

  /** How another resource of the stack names it. */
  public get reference(): string {
    return `${this.resource.terraformResourceType}.${this.resource.friendlyUniqueId}`;
  }
}

/** A destroy step may only name its own resource, so both take everything from there. */
function provisioner(
  scope: Construct,
  names: readonly string[],
  when: "create" | "destroy",
  step: ExternalStepName,
  secrets: Readonly<Record<string, string>> = {},
): LocalExecProvisioner {
  const environment = Object.fromEntries(names.map((name) => [name, `\${self.input.${name}}`]));
  return {
    type: "local-exec",
    when,
    interpreter: ["bash", `${hostScripts(scope)}/external.sh`],
    command: step,
    // Who has no identity of another is one himself.
    environment: { LAB_VALUE_ID: "${self.id}", ...environment, ...secrets },
  };
}
