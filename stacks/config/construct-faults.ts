import { isDeepStrictEqual } from "node:util";
import type { Fault, ValidationError } from "../../constructs/private/validate";
import type { ConfigDocument } from "./document";
import { pathText, shown, type ConfigFault, type ConfigPath } from "./faults";

/**
 * What a construct has against its props, told of the configuration file that they came from. Constructs know nothing of the file,
 * but its keys are the names of their props: a fault's field is the end of the path of exactly one value there, or of one that is the
 * same. Where neither holds, the fault is of several values together and keeps the construct's own words.
 */
export function faultsOfConstruct(document: ConfigDocument, error: ValidationError): ConfigFault[] {
  const values = valuesIn(document.value);
  return error.details.map((fault) => {
    const path = pathOf(values, fault);
    const key = path ?? partsOf(fault.field);
    const what = path ? pathText(path) : `[${fault.construct}] ${fault.field}`;
    const message = `${what} must ${fault.must}, got ${shown(fault.got, key.at(-1))}; use ${fault.use}`;
    return { position: path && document.positionOf(path), message };
  });
}

interface Value {
  readonly path: ConfigPath;
  readonly value: unknown;
}

function pathOf(values: readonly Value[], { field, got }: Fault): ConfigPath | undefined {
  const end = partsOf(field);
  const named = namedBy(values, end);
  if (named.length === 1) return named[0]?.path;
  // A default is refused: nothing is written there, but what lacks it is.
  const [owner, ...others] = named.length === 0 ? namedBy(values, end.slice(0, -1)) : [];
  if (owner && others.length === 0) return [...owner.path, ...end.slice(-1)];
  const same = (named.length > 0 ? named : values).filter(({ value }) => isDeepStrictEqual(value, got));
  return same.length === 1 ? same[0]?.path : undefined;
}

function namedBy(values: readonly Value[], end: ConfigPath): Value[] {
  return end.length === 0 ? [] : values.filter(({ path }) => isDeepStrictEqual(path.slice(-end.length), end));
}

/** `servers[1].nodeLabels["example.com/rack"]` in parts. */
function partsOf(field: string): ConfigPath {
  const parts = field.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g);
  return [...parts].map(([, index, quoted, key]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : (key ?? ""),
  );
}

function valuesIn(value: unknown, path: ConfigPath = []): Value[] {
  const children = Array.isArray(value)
    ? value.map((child, index): Value => ({ path: [...path, index], value: child }))
    : typeof value === "object" && value !== null
      ? Object.entries(value).map(([key, child]): Value => ({ path: [...path, key], value: child }))
      : [];
  return children.flatMap((child) => [child, ...valuesIn(child.value, child.path)]);
}
