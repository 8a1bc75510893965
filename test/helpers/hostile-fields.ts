import type { TerraformStack } from "../../constructs/private/terraform";
import { faultsOf } from "./faults";
import { hostileTexts } from "./hostile-texts";
import { newStack, synthStack, type Synthesised } from "./synth";

/** Builds with the text in one field; what it gives back reads that field where it arrives: at the API server, a machine or a pod. */
export type Field = (stack: TerraformStack, text: string) => (result: Synthesised) => unknown;

type Outcome = "refused" | "kept" | { changed: unknown };

/** What becomes of a text in a field. */
export function outcome(field: Field, text: string): Outcome {
  const stack = newStack();
  let read: ((result: Synthesised) => unknown) | undefined;
  if (faultsOf(() => (read = field(stack, text))).length > 0) return "refused";
  const arrived = read!(synthStack(stack));
  return arrived === text ? "kept" : { changed: arrived };
}

/** The texts that a field neither refuses nor hands on byte for byte. */
export function changedTexts(field: Field): { text: string; outcome: Outcome }[] {
  return hostileTexts
    .map((text) => ({ text, outcome: outcome(field, text) }))
    .filter(({ outcome: each }) => each !== "refused" && each !== "kept");
}
