import { isIP } from "node:net";

/**
 * Readers of values that came from elsewhere: each gives the value with what it knows of it and nothing else, or throws. A library
 * for that would be larger than the probe, which has to fit a ConfigMap (zod 4.6.7: 940 kB bundled).
 */
export type Shape<T> = (value: unknown) => T;

/** A value that is not what it must be. */
export class ShapeError extends Error {
  public constructor(must: string) {
    super(must);
    this.name = "ShapeError";
  }
}

/** Text of a limited length. */
export function text(maxLength: number): Shape<string> {
  return (value) => {
    if (typeof value === "string" && value.length <= maxLength) return value;
    throw new ShapeError(`must be text of at most ${maxLength} characters`);
  };
}

/** Text of a pattern, which limits its length too. */
export function matching(pattern: RegExp): Shape<string> {
  return (value) => {
    if (typeof value === "string" && pattern.test(value)) return value;
    throw new ShapeError(`must match ${pattern.source}`);
  };
}

/** A finite number inside bounds, both included. */
export function number(lowest: number, highest: number): Shape<number> {
  return (value) => {
    if (typeof value === "number" && value >= lowest && value <= highest) return value;
    throw new ShapeError(`must be a number from ${lowest} to ${highest}`);
  };
}

/** A whole number inside bounds, both included. */
export function integer(lowest: number, highest: number): Shape<number> {
  const within = number(lowest, highest);
  return (value) => {
    if (Number.isInteger(within(value))) return value as number;
    throw new ShapeError("must be a whole number");
  };
}

/** A number that only ever grows, from 0. */
export const count = integer(0, Number.MAX_SAFE_INTEGER);

/** true or false. */
export const flag: Shape<boolean> = (value) => {
  if (typeof value === "boolean") return value;
  throw new ShapeError("must be true or false");
};

/** One of some words. */
export function oneOf<const W extends string | number>(...words: readonly W[]): Shape<W> {
  return (value) => {
    if (words.includes(value as W)) return value as W;
    throw new ShapeError(`must be one of ${words.join(", ")}`);
  };
}

/** An IP address, with a prefix length or without. */
export const addressText: Shape<string> = (value) => {
  const [address = "", length, ...rest] = typeof value === "string" ? value.split("/") : [];
  const bits = isIP(address) === 6 ? 128 : 32;
  const fits = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
  // A scope like %eth0 is of this machine alone.
  if (isIP(address) !== 0 && !address.includes("%") && fits && rest.length === 0) return value as string;
  throw new ShapeError("must be an IP address");
};

/** The value, or undefined where it is missing; null counts as missing. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value) => (value === undefined || value === null ? undefined : shape(value));
}

/** A list of limited length. */
export function list<T>(each: Shape<T>, maxLength: number): Shape<T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > maxLength)
      throw new ShapeError(`must be a list of at most ${maxLength} entries`);
    return value.map((entry, index) => within(`[${index}]`, () => each(entry)));
  };
}

/** An object of any keys, each a text of at most 256 characters. */
export function record<T>(each: Shape<T>, maxSize: number): Shape<Record<string, T>> {
  return (value) => {
    const entries = Object.entries(plainObject(value));
    if (entries.length > maxSize || entries.some(([key]) => key.length > 256))
      throw new ShapeError(`must be an object of at most ${maxSize} keys`);
    return Object.fromEntries(entries.map(([key, entry]) => [key, within(`.${key}`, () => each(entry))]));
  };
}

/** An object of known members; others are left out. A member of the type that has no shape does not compile. */
export function object<T extends object>(members: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  return (value) => {
    const given = plainObject(value);
    const read = Object.entries<Shape<unknown>>(members).flatMap(([key, shape]) => {
      const member = within(`.${key}`, () => shape(Object.hasOwn(given, key) ? given[key] : undefined));
      return member === undefined ? [] : [[key, member] as const];
    });
    return Object.fromEntries(read) as T;
  };
}

/** What JSON text holds, where it is of the shape. @throws ShapeError for any other text. */
export function parseJson<T>(json: string, shape: Shape<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ShapeError("must be JSON");
  }
  return shape(value);
}

/** What JSON text holds where it is of the shape; nothing elsewhere. */
export function tryParse<T>(json: string, shape: Shape<T>): T | undefined {
  try {
    return parseJson(json, shape);
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

function plainObject(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ShapeError("must be an object");
}

/** Names the place in the error. Deep nesting cannot overflow: shapes are as deep as the types are. */
function within<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShapeError)
      throw new ShapeError(`${place}${error.message.startsWith("must") ? " " : ""}${error.message}`);
    throw error;
  }
}
