import { dataResource } from "../private/data-resource";
import { Construct, type DataResource } from "../private/terraform";

/** Digits of the key's digest in host names; probe/deployment-key.ts makes the same. */
const HOST_NAME_DIGITS = 10;

/**
 * What makes one deployment of a check itself: a random public id, and a random key that its probes share. Both are made when the
 * resource is created, and stay until it is destroyed or replaced. The key is in Terraform's state, marked sensitive, and in nothing that
 * Terraform prints (docs/adr/0023-identity-of-a-deployment.md).
 */
export class DeploymentIdentity extends Construct {
  /** The `terraform_data`. */
  public readonly resource: DataResource;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.resource = dataResource(this, "Resource", {
      // `input` would show in `output`, which Terraform does not mark sensitive. uuid() is 128 bits of crypto/rand; it is new at each
      // plan, so the first one is kept (https://developer.hashicorp.com/terraform/language/functions/uuid).
      triggersReplace: { key: "${sensitive(uuid())}" },
      lifecycle: { ignoreChanges: ["triggers_replace"] },
    });
  }

  /** Expression of the public id. */
  public get id(): string {
    return `\${${this.reference}.id}`;
  }

  /** Expression of the key, sensitive. */
  public get key(): string {
    return `\${${this.reference}.triggers_replace.key}`;
  }

  /** Expression of the key for a provisioner's environment, which Terraform neither prints nor stores; a sensitive one would hide the step's output. */
  public get keyForStep(): string {
    return `\${nonsensitive(${this.reference}.triggers_replace.key)}`;
  }

  /** Expression of some digits that follow from the id, for names of objects that go with it. */
  public get nameSuffix(): string {
    return `\${substr(sha256(${this.reference}.id), 0, 8)}`;
  }

  /** Expression of a host name that only pods of this deployment have. */
  public hostName(prefix: string): string {
    const digest = `sha256("hostname:\${${this.reference}.triggers_replace.key}")`;
    return `${prefix}-\${nonsensitive(substr(${digest}, 0, ${HOST_NAME_DIGITS}))}`;
  }

  private get reference(): string {
    return `${this.resource.terraformResourceType}.${this.resource.friendlyUniqueId}`;
  }
}
