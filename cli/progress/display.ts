import { elapsedSeconds, phaseLine, type Phase } from "./phase";

/** Shows phases to the user, on standard error: standard output is for results. */
export interface Display {
  changed(phases: readonly Phase[], changed: Phase): void;
  close(phases: readonly Phase[]): void;
}

const REDRAW_MILLISECONDS = 200;
const REMINDER_MILLISECONDS = 30_000;

/** The terminal of a display. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** In place on a terminal, line by line elsewhere. */
export function displayFor(terminal: Terminal, phases: () => readonly Phase[]): Display {
  return terminal.isTTY ? new LiveDisplay(terminal, phases) : new LineDisplay(terminal, phases);
}

/** Lines of finished phases scroll away; those of running ones are drawn again in place. */
class LiveDisplay implements Display {
  private drawn = 0;
  private readonly timer: NodeJS.Timeout;

  public constructor(
    private readonly terminal: Terminal,
    phases: () => readonly Phase[],
  ) {
    this.timer = setInterval(() => this.draw(phases().filter(isRunning)), REDRAW_MILLISECONDS).unref();
  }

  public changed(phases: readonly Phase[], changed: Phase): void {
    this.clear();
    if (!isRunning(changed)) this.terminal.write(`${this.line(changed)}\n`);
    this.draw(phases.filter(isRunning));
  }

  public close(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private draw(running: readonly Phase[]): void {
    this.clear();
    this.terminal.write(running.map((phase) => `${this.line(phase)}\n`).join(""));
    this.drawn = running.length;
  }

  private line(phase: Phase): string {
    // A terminal that was never told its size says 0.
    return phaseLine(phase, performance.now(), (this.terminal.columns || 100) - 1);
  }

  private clear(): void {
    if (this.drawn > 0) this.terminal.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }
}

/** A line when a phase ends, and one every half minute while one is long. */
class LineDisplay implements Display {
  private readonly timer: NodeJS.Timeout;

  public constructor(
    private readonly terminal: Terminal,
    phases: () => readonly Phase[],
  ) {
    this.timer = setInterval(() => {
      const now = performance.now();
      const long = phases().filter((phase) => isRunning(phase) && elapsedSeconds(phase, now) > 20);
      long.forEach((phase) => this.write(phase));
    }, REMINDER_MILLISECONDS).unref();
  }

  public changed(_: readonly Phase[], changed: Phase): void {
    if (!isRunning(changed)) this.write(changed);
  }

  public close(): void {
    clearInterval(this.timer);
  }

  private write(phase: Phase): void {
    this.terminal.write(`${phaseLine(phase, performance.now())}\n`);
  }
}

function isRunning({ state }: Phase): boolean {
  return state === "running";
}
