/**
 * Every field of the public API against values of wrong types and Terraform tokens: what comes back is a stack, or a ValidationError
 * that names a path and the field. A run takes one in seven of the pairs; HOSTILE_ALL=1 takes all.
 */
import { isDeepStrictEqual } from "node:util";
import { checkSamples } from "./check-samples";
import { clusterSamples } from "./cluster-samples";
import { namespaceSamples, networkSamples } from "./network-samples";
import { openshiftSamples } from "./openshift-samples";
import { placesIn, replaced, type Place } from "./places";
import type { Sample } from "./sample";
import { stackSamples } from "./stack-samples";
import { tokens, wrongValues } from "./wrong-types";
import { TerraformStack } from "../../constructs/private/terraform";
import { ValidationError, type Fault } from "../../constructs/private/validate";
import { newStack, synthStack } from "../helpers/synth";

const samples = [
  ...networkSamples,
  ...namespaceSamples,
  ...clusterSamples,
  ...checkSamples,
  ...openshiftSamples,
  ...stackSamples,
];

const places = samples.flatMap((sample) => placesIn(sample.value).map((place) => ({ sample, place })));

const SHARE = process.env.HOSTILE_ALL === "1" ? 1 : 7;

/** Of all pairs one in {@link SHARE}, so that neighbouring fields get different values. */
function isPicked(place: number, value: number): boolean {
  return (place + value) % SHARE === 0;
}

/** The stack that a wrong value makes, or what it is refused with. */
function outcomeOf({ build, value }: Sample, place: Place, by: unknown, stack: TerraformStack): string {
  try {
    const built = build(stack, replaced(value, place, by) as never);
    const json = JSON.stringify(synthStack(built instanceof TerraformStack ? built : stack).json);
    return /TfToken|\$\$\{var\.Later|\[object /.test(json) ? "a broken text" : "accepted";
  } catch (error) {
    if (!(error instanceof ValidationError)) return isOfTheSample(error as Error) ? "accepted" : String(error);
    return isTold(error, place, by) ? "refused" : `refused as ${error.message}`;
  }
}

/** The samples themselves open a value, to put what all tests need beside it. */
function isOfTheSample({ stack = "" }: Error): boolean {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line) && !line.includes("hostile/wrong-types.ts"));
  return /\/test\/hostile\/|\/node:/.test(frames[0] ?? "");
}

/** Whether a fault names where it is, or the value that is; of a whole value there is no more to name. */
function isTold({ details }: ValidationError, at: Place, by: unknown): boolean {
  const isNamed = ({ field, got }: Fault) =>
    at.length === 0 ||
    at.some((key) => field.toLowerCase().includes(key.toLowerCase())) ||
    field === "ipam" ||
    isDeepStrictEqual(got, by);
  const isWhole = ({ construct, field, must, use }: Fault) =>
    [construct, field, must, use].every((each) => each !== "");
  return details.every(isWhole) && details.some(isNamed);
}

const tokenKinds = Object.keys(tokens(newStack()));
const names = (place: Place) => place.join(".") || "the whole";

test("values of wrong types are refused by path and field, or make a stack", () => {
  const values = Object.entries(wrongValues());
  const wrong = places.flatMap(({ sample, place }, row) =>
    values.flatMap(([title, value], column) => {
      if (!isPicked(row, column)) return [];
      const outcome = outcomeOf(sample, place, value, newStack());
      return ["accepted", "refused"].includes(outcome) ? [] : [`${sample.type} ${names(place)} = ${title}: ${outcome}`];
    }),
  );
  expect(places.length).toBeGreaterThan(250);
  expect(wrong).toEqual([]);
}, 300_000);

test("tokens reach Terraform as references, or are refused by path and field", () => {
  const wrong = places.flatMap(({ sample, place }, row) => {
    return tokenKinds.flatMap((title, column) => {
      if (!isPicked(row, column)) return [];
      const stack = newStack();
      const outcome = outcomeOf(sample, place, tokens(stack)[title], stack);
      return ["accepted", "refused"].includes(outcome) ? [] : [`${sample.type} ${names(place)} = ${title}: ${outcome}`];
    });
  });
  expect(wrong).toEqual([]);
}, 300_000);
