/** A place inside a value: the keys that lead to it. */
export type Place = readonly string[];

/** Every place in a value that is written as a literal, the value itself first; of a list the first element stands for all. */
export function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [at];
  const isLiteral = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  const members = isLiteral ? Object.entries(value).slice(0, Array.isArray(value) ? 1 : undefined) : [];
  return [at, ...members.flatMap(([key, member]) => placesIn(member, [...at, key]))];
}

/** The value with another one in one place. */
export function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each: unknown, index) => (String(index) === key ? replaced(each, rest, by) : each));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}
