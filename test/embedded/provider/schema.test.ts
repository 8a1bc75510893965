import { readFileSync } from "node:fs";
import { deriveSchemas, schemaPath, type VersionedBlock } from "../../../embedded/provider/generate-schema";

const schemas = deriveSchemas();

test.each(Object.keys(schemas))("the checked-in schema of %s is what the installed bindings say", (provider) => {
  const checkedIn: unknown = JSON.parse(readFileSync(schemaPath(provider), "utf8"));
  expect(checkedIn).toEqual(schemas[provider]);
});

test("flags, types and nesting come through", () => {
  const { kubernetes_config_map_v1: configMap, kubernetes_pod_v1: pod } = resources("kubernetes");
  const name = { type: "string", optional: true, computed: true };
  expect(configMap!.block).toMatchObject({
    attributes: { data: { type: ["map", "string"], optional: true } },
    block_types: {
      metadata: {
        nesting_mode: "list",
        min_items: 1,
        max_items: 1,
        block: { attributes: { name, uid: { type: "string", computed: true } } },
      },
    },
  });
  const { spec, timeouts } = pod!.block.block_types!;
  expect(spec!.block.block_types!.container).not.toHaveProperty("max_items");
  expect(timeouts).toMatchObject({ nesting_mode: "single" });
});

test("helm nests by attributes, and its secrets are marked", () => {
  const attributes = resources("helm").helm_release?.block.attributes;
  expect(attributes?.metadata).toMatchObject({ nested_type: { nesting_mode: "single" }, computed: true });
  expect(attributes?.set_sensitive?.nested_type?.attributes.value).toMatchObject({ sensitive: true });
});

function resources(provider: string): { [type: string]: VersionedBlock } {
  return schemas[provider]!.resource_schemas;
}
