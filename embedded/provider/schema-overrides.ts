/** One correction of a derived schema: the fields of `set` are put on the node at `at`. */
export interface Override {
  readonly at: readonly string[];
  readonly set: { readonly [field: string]: unknown };
}

const secretAttributes = ["resource_schemas", "kubernetes_secret_v1", "block", "attributes"];
const releaseAttributes = ["resource_schemas", "helm_release", "block", "attributes"];

/**
 * What the bindings do not carry, by provider. Only differences that change what Terraform does are here; they were
 * found by comparing with `terraform providers schema -json` of the real providers. Left out: `set_wo` is write-only
 * there, which needs no mark here because the embedded provider refuses it.
 */
export const OVERRIDES: { readonly [provider: string]: readonly Override[] } = {
  kubernetes: ["data", "binary_data", "data_wo", "binary_data_wo"].map((name) => ({
    at: [...secretAttributes, name],
    set: { sensitive: true },
  })),
  helm: [
    { at: [...releaseAttributes, "repository_password"], set: { sensitive: true } },
    { at: [...releaseAttributes, "set_sensitive", "nested_type", "attributes", "value"], set: { sensitive: true } },
  ],
};
