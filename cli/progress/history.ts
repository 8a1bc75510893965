import fs from "node:fs";
import path from "node:path";
import { labCache } from "../../embedded/system/build-once";

/** Seconds on two cores where this machine has not done a phase yet; a phase without an entry shows no expectation. */
const FIRST_GUESS: Readonly<Record<string, number>> = {
  "build k3s": 560,
  "build terraform": 300,
  "build provider-kubernetes": 210,
  "build image-multus": 30,
  "build cni-plugins": 20,
  "build host-rootfs": 55,
  "build image-probe": 30,
};

const KEPT = 7;

/** How long phases took on this machine before. */
export class PhaseHistory {
  private readonly file = path.join(labCache(), "phase-times.json");
  private readonly seconds: Record<string, number[]> = this.read();

  /** Median of the last runs, in seconds. */
  public expected(phase: string): number | undefined {
    const known = [...(this.seconds[phase] ?? [])].sort((left, right) => left - right);
    return known[Math.floor(known.length / 2)] ?? FIRST_GUESS[phase];
  }

  /** Notes how long a phase took. */
  public add(phase: string, seconds: number): void {
    this.seconds[phase] = [...(this.seconds[phase] ?? []), Math.round(seconds * 10) / 10].slice(-KEPT);
  }

  /** Keeps what was noted. A history that cannot be kept only costs the next run its expectations. */
  public save(): void {
    try {
      fs.mkdirSync(path.dirname(this.file), { recursive: true });
      fs.writeFileSync(`${this.file}.${process.pid}`, JSON.stringify(this.seconds, undefined, 1));
      fs.renameSync(`${this.file}.${process.pid}`, this.file);
    } catch {
      return;
    }
  }

  private read(): Record<string, number[]> {
    try {
      return JSON.parse(fs.readFileSync(this.file, "utf8")) as Record<string, number[]>;
    } catch {
      return {};
    }
  }
}
