/** Where a line stands among those of its pod. */
export interface Place {
  readonly incarnation: string;
  readonly sequence: number;
}

/** What a line is, held against those that were read before: by runs and places in them, never by a clock. */
export type Reading = "old" | "next" | "gap" | "new-run";

/** The runs of one pod's probe. Logs are read again after a lost connection, and a run that has been followed by another never comes back. */
export class Runs {
  private readonly past = new Set<string>();
  private last?: Place;

  /** Notes a line. */
  public read({ incarnation, sequence }: Place): Reading {
    const { last } = this;
    if (this.past.has(incarnation)) return "old";
    if (last?.incarnation === incarnation) {
      if (sequence <= last.sequence) return "old";
      this.last = { incarnation, sequence };
      return sequence === last.sequence + 1 ? "next" : "gap";
    }
    if (last) this.past.add(last.incarnation);
    this.last = { incarnation, sequence };
    return "new-run";
  }
}
