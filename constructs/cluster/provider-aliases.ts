import {
  Aspects,
  type IAspect,
  type IConstruct,
  type TerraformProvider,
  type TerraformStack,
} from "../private/terraform";

type Pairs = () => readonly Readonly<Record<"kubernetes" | "helm", TerraformProvider>>[];

/**
 * Keeps the providers of the library apart from those that a user has in the same stack: a type's default provider and each alias may
 * be there once (https://developer.hashicorp.com/terraform/language/providers/configuration#alias-multiple-provider-configurations).
 * Ours give way, at synth, when all of the user's are known; alone they stay the default.
 */
export function keepAliasesApart(stack: TerraformStack, ours: Pairs): void {
  Aspects.of(stack).add(new AliasesApart(stack, ours));
}

class AliasesApart implements IAspect {
  public constructor(
    private readonly stack: TerraformStack,
    private readonly ours: Pairs,
  ) {}

  public visit(node: IConstruct): void {
    if (node !== this.stack) return;
    for (const kind of ["kubernetes", "helm"] as const) this.keepApart(this.ours().map((pair) => pair[kind]));
  }

  private keepApart(ours: readonly TerraformProvider[]): void {
    const others = this.stack.allProviders().filter((each) => !ours.some((own) => own === each));
    const taken = new Set(
      others.filter((each) => each.terraformResourceType === ours[0]?.terraformResourceType).map(({ alias }) => alias),
    );
    ours.forEach((provider, index) => {
      for (let number = index; taken.has(provider.alias); number += 1) provider.alias = `cluster${number}`;
      taken.add(provider.alias);
    });
  }
}
