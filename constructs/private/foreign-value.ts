/** Stands for a value whose getter, or whose Proxy, throws. */
export const UNREADABLE = Symbol("unreadable");

/** What `read` gives; `otherwise` where it throws, as getters and Proxies of a caller may. */
export function attempt<T, U>(read: () => T, otherwise: U): T | U {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** Whether a value has fields: an object that is no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !attempt(() => Array.isArray(value), true);
}

/** A value as an error message can show it: itself where JSON has it and it is short, else what it is. */
export function shownValue(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return value;
  return attempt(() => shownObject(value), "an object that cannot be read");
}

function shownObject(value: object): unknown {
  const isList = Array.isArray(value);
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
  if (isList || prototype === Object.prototype || prototype === null) {
    const json = attempt(() => JSON.stringify(value), undefined);
    if (json !== undefined && json.length <= 200) return JSON.parse(json) as unknown;
    return isList ? `a list of ${value.length}` : "an object";
  }
  const name = prototype.constructor?.name;
  return typeof name === "string" && name !== "" ? `an object of class ${name}` : "an object";
}

/** The first value inside that JSON cannot hold, and its path; nothing where there is none. */
export function firstNonJson(
  value: unknown,
  field: string,
  above: readonly unknown[] = [],
): { field: string; value: unknown } | undefined {
  if (isScalar(value)) return undefined;
  if (typeof value !== "object") return { field, value };
  if (above.includes(value)) return { field, value: "itself" };
  const members = attempt(() => Object.entries(value as object), undefined);
  for (const [key, member] of members ?? []) {
    const wrong = firstNonJson(member, `${field}.${key}`, [...above, value]);
    if (wrong) return wrong;
  }
  const isReadable = members !== undefined && attempt(() => JSON.stringify(value), UNREADABLE) !== UNREADABLE;
  return isReadable ? undefined : { field, value: "what cannot be read" };
}

/** Those of JSON, and undefined, which it leaves out. */
function isScalar(value: unknown): boolean {
  return value === null || ["undefined", "string", "boolean"].includes(typeof value) || Number.isFinite(value);
}
