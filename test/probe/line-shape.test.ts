import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parseLine } from "../../probe/line-shape";
import { LineSplitter } from "../../probe/line-splitter";

interface Recorded {
  readonly line: Record<string, unknown>;
}

/** What real probes printed. */
const recorded = ["healthy", "data-nic-down"].flatMap((name) =>
  readFileSync(path.join(__dirname, `../cli/report/recorded/${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((text) => (JSON.parse(text) as Recorded).line),
);
const [sender, receiver] = ["sender", "receiver"].map((role) => recorded.find((line) => line.role === role)!) as [
  Record<string, unknown>,
  Record<string, unknown>,
];

test("what real probes print is read as it is", () => {
  expect(recorded.length).toBeGreaterThan(50);
  for (const line of recorded) expect(parseLine(JSON.stringify(line))).toEqual(line);
});

/** All places of a value, as paths. */
function places(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, member]) => places(member, [...at, key]))];
}

function changed(line: unknown, at: readonly string[], wrong: unknown): unknown {
  const [key, ...rest] = at;
  if (key === undefined) return wrong;
  if (Array.isArray(line))
    return line.map((entry, index) => (String(index) === key ? changed(entry, rest, wrong) : entry));
  const object = line as Record<string, unknown>;
  return { ...object, [key]: changed(object[key], rest, wrong) };
}

test.each([
  ["sender", sender],
  ["receiver", receiver],
])("a %s's line with any one value of a wrong kind is left out", (_, line) => {
  const wrong = [{}, [], "\u0000x".repeat(2000), -1, 1e300, true, null];
  const of = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
  const valueAt = (at: readonly string[]): unknown =>
    at.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], line);
  const passed = places(line).flatMap((at) =>
    wrong
      .filter((value) => of(value) !== of(valueAt(at)))
      .filter((value) => parseLine(JSON.stringify(changed(line, at, value))) !== undefined)
      .map((value) => `${at.join(".")} ${JSON.stringify(value)}`),
  );
  // What need not be there may be null; an object of numbers may be empty; a list of texts may not hold anything else.
  const optional = /null$|^(evidence\.)?(counters|firstHeardAfterMs|reversePathFilter)|errors/;
  expect(passed.filter((place) => !optional.test(place))).toEqual([]);
});

test.each([
  ["one without anything", '{"role":"receiver"}'],
  ["one of no known role", '{"role":"judge"}'],
  ["null", "null"],
  ["a list", "[1]"],
  ["what is no JSON", "{role: receiver}"],
  ["a name of an object's own", '{"role":"sender","__proto__":{"at":1}}'],
  ["depth without end", `{"role":"sender","at":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
])("%s is no line", (_, text) => {
  expect(parseLine(text)).toBeUndefined();
});

test("a stream is cut into lines; one that is too long is left out and costs no memory", () => {
  const lines: string[] = [];
  let tooLong = 0;
  const splitter = new LineSplitter(
    (text) => lines.push(text),
    () => (tooLong += 1),
    10,
  );
  for (const chunk of ["ab", "c\r\nd\n\n", "x".repeat(50), "y".repeat(50), "\nlast\nopen"])
    splitter.push(Buffer.from(chunk));
  expect(lines).toEqual(["abc", "d", "", "last"]);
  expect(tooLong).toBe(1);
});
