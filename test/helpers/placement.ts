interface PlacedSpec {
  readonly affinity?: {
    readonly node_affinity?: {
      readonly required_during_scheduling_ignored_during_execution: {
        readonly node_selector_term: readonly {
          readonly match_fields?: readonly {
            readonly key: string;
            readonly operator: string;
            readonly values: string[];
          }[];
        }[];
      };
    };
  };
}

/** The node that the pods of a spec, as Terraform's JSON has it, are bound to by the name of the Node object. */
export function nodeOfSpec(spec: unknown): string | undefined {
  const { affinity } = spec as PlacedSpec;
  const terms = affinity?.node_affinity?.required_during_scheduling_ignored_during_execution.node_selector_term ?? [];
  const names = terms.map(({ match_fields: fields = [] }) => {
    const found = fields.filter(({ key, operator }) => key === "metadata.name" && operator === "In");
    return found.flatMap(({ values }) => values).join();
  });
  if (new Set(names).size > 1) throw new Error(`bound to several nodes: ${names.join(" or ")}`);
  return names[0];
}
