/**
 * In words what differs between two JSON values, field by field. Texts that hold JSON, such as a CNI configuration, are compared
 * by what they hold.
 *
 * @param path - the field's name, before those of its parts
 */
export function differences(expected: unknown, actual: unknown, path = ""): string[] {
  const [was, is] = opened(expected, actual);
  if (isRecord(was) && isRecord(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return keys.flatMap((key) => differences(was[key], is[key], joined(path, key)));
  }
  if (Array.isArray(was) && Array.isArray(is)) {
    const length = Math.max(was.length, is.length);
    return Array.from({ length }, (_, index) => differences(was[index], is[index], `${path}[${index}]`)).flat();
  }
  if (was === is) return [];
  if (is === undefined) return [`${path} is gone, it was ${shown(was)}`];
  if (was === undefined) return [`${path} was added: ${shown(is)}`];
  return [`${path} is ${shown(is)} instead of ${shown(was)}`];
}

/** Both as what they hold, where both are texts that hold objects. */
function opened(expected: unknown, actual: unknown): [unknown, unknown] {
  const [was, is] = [held(expected), held(actual)];
  return was === undefined || is === undefined ? [expected, actual] : [was, is];
}

function held(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `spec.config`; a key that is no plain word stands in brackets. */
function joined(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

const LONGEST = 120;

function shown(value: unknown): string {
  if (value === "") return "empty";
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
