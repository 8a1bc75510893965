/** Options that every command takes. */
export interface GlobalOptions {
  /** Name of the lab. */
  readonly name: string;
  /** Install what is missing without asking. */
  readonly yes: boolean;
  /** Print data as JSON. */
  readonly json: boolean;
}
