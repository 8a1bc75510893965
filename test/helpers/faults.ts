import { ValidationError } from "../../constructs/private/validate";

/** The faults that `build` is refused with; an empty list where it is accepted. Any other error is passed on. */
export function faultsOf(build: () => unknown): readonly string[] {
  try {
    build();
    return [];
  } catch (error) {
    if (error instanceof ValidationError) return error.faults;
    throw error;
  }
}
