import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { TerraformStack, Testing } from "../../constructs/private/terraform";

/** One resource block of the synthesised stack, as Terraform's JSON has it. */
export type Block = Record<string, unknown>;

/** A Kubernetes object that a local-chart release carries, as the API server gets it. */
export interface CarriedObject extends Record<string, unknown> {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: Record<string, unknown>;
}

/** The Terraform JSON of one stack, for tests that ask what it means and not how it is written. */
export class Synthesised {
  public constructor(public readonly json: { resource?: Record<string, Record<string, Block>> }) {}

  /** All resources of a Terraform type, in the order of the JSON. */
  public all(type: string): Block[] {
    return Object.values(this.json.resource?.[type] ?? {});
  }

  /** The one resource of a Terraform type. */
  public only(type: string): Block {
    const found = this.all(type);
    if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
    return found[0]!;
  }

  /** The custom resources that the stack's local-chart releases carry. */
  public objects(kind: string): CarriedObject[] {
    const values = this.all("helm_release").flatMap((release) => release.values as string[]);
    // Helm reads YAML 1.1.
    const carried = values.flatMap((text) => parse(stored(text), { version: "1.1" }).objects as CarriedObject[]);
    return carried.filter((object) => object.kind === kind);
  }

  /** The CNI configuration of the NetworkAttachmentDefinition of that name. */
  public nad(name: string): Record<string, unknown> {
    const found = this.objects("NetworkAttachmentDefinition").filter(({ metadata }) => metadata.name === name);
    if (found.length !== 1) throw new Error(`expected one NetworkAttachmentDefinition ${name}, found ${found.length}`);
    return JSON.parse(found[0]!.spec.config as string) as Record<string, unknown>;
  }
}

/** A stack of an app of its own. Nothing is written, so that all share a directory: CDKTF would make one for each. */
export function newStack(id = "lab"): TerraformStack {
  return new TerraformStack(Testing.app({ outdir: path.join(os.tmpdir(), "cdktf.out") }), id);
}

/** Synthesises the stack, as the ready stacks are: without CDKTF's validations, which run `terraform version` for each terraform_data. */
export function synthStack(stack: TerraformStack): Synthesised {
  return new Synthesised(JSON.parse(Testing.synth(stack)) as Synthesised["json"]);
}

/** Synthesises what `build` puts into a new stack. */
export function synth(build: (stack: TerraformStack) => void): Synthesised {
  const stack = newStack();
  build(stack);
  return synthStack(stack);
}

/** The text that Terraform (as 1.11.4 does) stores for a string of its JSON. @throws Error where Terraform would evaluate a part of it. */
export function stored(text: string): string {
  const evaluated = /(?<!\$)\$\{|(?<!%)%\{/.exec(text);
  if (evaluated) throw new Error(`Terraform would evaluate ${JSON.stringify(text)}`);
  return text
    .replace(/([$%])\1\{/g, "$1{")
    .replace(/^\ufeff/, "")
    .normalize("NFC");
}
