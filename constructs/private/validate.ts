import { visible } from "../../probe/visible";
import { Token, type IConstruct } from "./terraform";

/** What a rule says of a value it refuses: what the value must be, and what to write instead. */
export interface Violation {
  /** Completes "<field> must …", e.g. `lie inside subnet 10.20.0.0/24`. */
  readonly must: string;
  /** Completes "; use …", e.g. `an address from 10.20.0.1 to 10.20.0.254`. */
  readonly use: string;
}

/** A rule gives nothing for a value that it accepts. */
export type Rule<T> = (value: T) => Violation | undefined;

/** One refused value. */
export interface Fault extends Violation {
  /** Path of the construct that refused it. */
  readonly construct: string;
  /** Field of the construct's props, e.g. `servers[1].hostKey`. */
  readonly field: string;
  /** The value itself. */
  readonly got: unknown;
}

/** Refused input: every fault of one construct, each with path, field, value got, what is allowed and what to do. */
export class ValidationError extends Error {
  /** The faults as text, one line each. */
  public readonly faults: readonly string[];

  public constructor(
    /** The faults by their parts, for whoever tells them in words of its own. */
    public readonly details: readonly Fault[],
  ) {
    const faults = details.map(({ construct, field, got, must, use }) =>
      visible(`[${construct}] ${field} must ${must}, got ${JSON.stringify(got)}; use ${use}`),
    );
    super(faults.join("\n"));
    this.name = "ValidationError";
    this.faults = faults;
  }
}

/** Gathers the faults of one construct, so that the user sees all of them at once. */
export class Faults {
  private readonly found: Fault[] = [];

  public constructor(
    /** The construct whose faults these are. */
    public readonly scope: IConstruct,
  ) {}

  /**
   * Holds a value against rules; the first that refuses it counts. A missing value is left to the type checker,
   * a Terraform token is known only at apply and is skipped.
   */
  public check<T>(field: string, value: T | undefined, ...rules: readonly Rule<T>[]): this {
    if (value === undefined || Token.isUnresolved(value)) return this;
    for (const rule of rules) {
      const violation = rule(value);
      if (violation) return this.add(field, value, violation);
    }
    return this;
  }

  /** Records a fault that no single-value rule can see. */
  public add(field: string, got: unknown, { must, use }: Violation): this {
    this.found.push({ construct: this.scope.node.path, field, got, must, use });
    return this;
  }

  /** @throws ValidationError when at least one fault was recorded. */
  public throwIfAny(): void {
    if (this.found.length > 0) throw new ValidationError(this.found);
  }
}
