/** Exit codes of `./lab`. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** An error whose message is all that the user needs, with the exit code that goes with it. */
export class LabError extends Error {
  public constructor(
    message: string,
    public readonly exitCode: number = EXIT.failed,
  ) {
    super(message);
    this.name = "LabError";
  }
}

/** Wrong arguments, or a machine that cannot serve. */
export class UsageError extends LabError {
  public constructor(message: string) {
    super(message, EXIT.usage);
    this.name = "UsageError";
  }
}

/** Ctrl-C, or the signal that stands for it. */
export class Interrupted extends LabError {
  public constructor() {
    super('interrupted; "./lab up" goes on from here, "./lab down" removes everything', EXIT.interrupted);
    this.name = "Interrupted";
  }
}
