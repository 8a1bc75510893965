import { visible } from "../../probe/visible";

/** State of one phase, as a display shows it. */
export interface Phase {
  readonly id: string;
  readonly title: string;
  readonly state: "running" | "done" | "failed";
  /** Milliseconds of `performance.now()`. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly expectedSeconds?: number;
  /** What is going on, in a few words. */
  readonly note?: string;
}

/** Seconds since the start, or that it took. */
export function elapsedSeconds(phase: Phase, now: number): number {
  return ((phase.endedAt ?? now) - phase.startedAt) / 1000;
}

/** "3.4 s", "75 s", "9 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const MARKS = { running: "…", done: "✓", failed: "✗" } as const;

/** One line for a phase. */
export function phaseLine(phase: Phase, now: number, columns = 120): string {
  const expectation = phase.expectedSeconds === undefined ? "" : ` (expected ${duration(phase.expectedSeconds)})`;
  const time = `${duration(elapsedSeconds(phase, now))}${expectation}`;
  const note = phase.state === "running" && phase.note !== undefined ? `  ${visible(phase.note)}` : "";
  return `${MARKS[phase.state]} ${phase.title.padEnd(34)} ${time}${note}`.slice(0, columns);
}
