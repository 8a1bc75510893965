import { z } from "zod";
import { Docstrings } from "./docstrings";
import { labConfigSchema } from "../stacks/config/schema";

/** A JSON Schema of draft 7, as far as it is used here. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly additionalItems?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  /** Names of the interfaces whose docstrings say what the properties mean; not published. */
  readonly props?: string;
}

/**
 * The schema of configuration files, for editors: draft 7, which all of them read. What keys mean is said by the docstrings of
 * the props that they become.
 */
export function publishedSchema(): JsonSchema {
  const schema = z.toJSONSchema(labConfigSchema("/"), { target: "draft-07", io: "input" }) as JsonSchema;
  const publisher = new Publisher();
  const { $schema, oneOf = [] } = schema;
  const labs = oneOf.map((each) => publisher.object(each));
  return { $schema, title: "Configuration of a lab (LAB_CONFIG)", oneOf: labs, definitions: publisher.definitions };
}

class Publisher {
  /** Mappings that stand for one interface, by its name. */
  public readonly definitions: Record<string, JsonSchema> = {};
  private readonly docstrings = new Docstrings();

  /** A schema with definitions in the place of what several keys may hold. */
  public published(schema: JsonSchema): JsonSchema {
    const { props, description } = schema;
    if (props === undefined) return this.object(schema);
    this.definitions[props] ??= this.object({ ...schema, description: undefined });
    const $ref = `#/definitions/${props}`;
    // Draft 7 reads nothing beside a $ref.
    return description === undefined ? { $ref } : { description, allOf: [{ $ref }] };
  }

  /** As {@link published}, written out. */
  public object({ props = "", ...schema }: JsonSchema): JsonSchema {
    const { properties, additionalProperties, items, additionalItems, oneOf, anyOf } = schema;
    const all = (schemas: readonly JsonSchema[] | undefined) => schemas?.map((each) => this.published(each));
    const entries = Object.entries(properties ?? {}).map(([key, value]): [string, JsonSchema] => [
      key,
      this.published({ ...value, description: value.description ?? this.textOf(props, key) }),
    ]);
    return withoutUndefined({
      ...schema,
      properties: properties && Object.fromEntries(entries),
      additionalProperties:
        typeof additionalProperties === "object" ? this.published(additionalProperties) : additionalProperties,
      items: Array.isArray(items) ? all(items) : items && this.published(items as JsonSchema),
      additionalItems: additionalItems && this.published(additionalItems),
      oneOf: all(oneOf),
      anyOf: all(anyOf),
    });
  }

  private textOf(props: string, key: string): string | undefined {
    const owner = props.split(" ").find((name) => name !== "" && this.docstrings.has(name, key));
    if (owner === undefined) return undefined;
    const text = this.docstrings.member(owner, key);
    return text.description + (text.default === undefined ? "" : ` Default: ${text.default}`);
  }
}

function withoutUndefined(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
