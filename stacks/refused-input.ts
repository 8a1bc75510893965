import { visibleLines } from "../probe/visible";

/** Input of the user that is refused: its message says all that is needed, a stack trace would only hide it. */
export class RefusedInput extends Error {
  public override readonly name: string = "RefusedInput";

  public constructor(message: string, options?: ErrorOptions) {
    super(visibleLines(message), options);
  }
}
