import { displayFor, type Display, type Terminal } from "./display";
import { PhaseHistory } from "./history";
import { elapsedSeconds, type Phase } from "./phase";

/** Seconds of the phases of one run, for the report and the bench. */
export type PhaseSeconds = Readonly<Record<string, number>>;

/** The phases of one command: shown while they run, remembered for the expectations of the next one. */
export class Progress {
  private readonly phases = new Map<string, Phase>();
  private readonly history = new PhaseHistory();
  private readonly learned = new Map<string, number>();
  private readonly display: Display;

  public constructor(terminal: Terminal = process.stderr) {
    this.display = displayFor(terminal, () => [...this.phases.values()]);
  }

  /** Runs one phase. */
  public async run<T>(id: string, title: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
    this.begin(id, title);
    try {
      const result = await work((text) => this.note(id, text));
      this.end(id);
      return result;
    } catch (error) {
      this.end(id, "failed");
      throw error;
    }
  }

  /** A phase that events tell of; does nothing when it has begun already. */
  public begin(id: string, title: string): void {
    if (this.phases.has(id)) return;
    const expectedSeconds = this.history.expected(id);
    this.set({ id, title, state: "running", startedAt: performance.now(), expectedSeconds });
  }

  /** Says what a running phase does. */
  public note(id: string, note: string): void {
    const phase = this.phases.get(id);
    if (phase?.state === "running") this.set({ ...phase, note: note.trim() });
  }

  /** Ends a running phase, now or at an earlier time of `performance.now()`; does nothing for any other. */
  public end(id: string, state: "done" | "failed" = "done", endedAt = performance.now()): void {
    const phase = this.phases.get(id);
    if (phase?.state !== "running") return;
    const ended: Phase = { ...phase, state, endedAt };
    if (state === "done") this.learned.set(id, elapsedSeconds(ended, endedAt));
    this.set(ended);
  }

  /** Says that a phase had nothing to do, so that the next run does not expect it to be as quick. */
  public forget(id: string): void {
    this.learned.delete(id);
  }

  /** Ends what still runs, and the display. */
  public close(state: "done" | "failed" = "done"): void {
    for (const { id } of this.phases.values()) this.end(id, state);
    this.display.close([...this.phases.values()]);
    this.learned.forEach((seconds, id) => this.history.add(id, seconds));
    this.learned.clear();
    this.history.save();
  }

  /** What each phase took so far. */
  public seconds(): PhaseSeconds {
    const now = performance.now();
    return Object.fromEntries([...this.phases.values()].map((phase) => [phase.id, elapsedSeconds(phase, now)]));
  }

  private set(phase: Phase): void {
    this.phases.set(phase.id, phase);
    this.display.changed([...this.phases.values()], phase);
  }
}
