import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { duration, phaseLine } from "../../../cli/progress/phase";
import { Progress } from "../../../cli/progress/progress";

const cache = fs.mkdtempSync(path.join(os.tmpdir(), "progress-test-"));
const former = process.env.LAB_CACHE;
beforeAll(() => (process.env.LAB_CACHE = cache));
afterAll(() => {
  if (former === undefined) delete process.env.LAB_CACHE;
  else process.env.LAB_CACHE = former;
  fs.rmSync(cache, { recursive: true });
});

class Recorder {
  public text = "";
  public constructor(public readonly isTTY: boolean) {}
  public readonly columns = 80;
  public write(text: string): void {
    this.text += text;
  }
}

test("without a terminal, each phase is a line when it ends", async () => {
  const terminal = new Recorder(false);
  const progress = new Progress(terminal);
  await progress.run("hosts", "hosts", () => Promise.resolve());
  await expect(progress.run("synth", "synthesis", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  progress.close();
  expect(terminal.text).toMatch(/^✓ hosts +0\.0 s\n✗ synthesis +0\.0 s\n$/);
});

test("the next run knows what to expect", () => {
  const terminal = new Recorder(false);
  const progress = new Progress(terminal);
  progress.begin("hosts", "hosts");
  progress.end("hosts");
  progress.close();
  expect(terminal.text).toMatch(/✓ hosts +0\.0 s \(expected 0\.0 s\)/);
});

test("on a terminal, running phases are drawn again in place and never wider than it", () => {
  const terminal = new Recorder(true);
  const progress = new Progress(terminal);
  progress.begin("k3s", "k3s");
  progress.note("k3s", "x".repeat(500));
  progress.close();
  const lines = terminal.text.split("\n").map((line) => line.split("\u001b[0J").at(-1) ?? "");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
  expect(terminal.text).toContain("\u001b[1A\u001b[0J");
});

test("a phase can end at an earlier time", () => {
  const progress = new Progress(new Recorder(false));
  progress.begin("pods", "pods");
  progress.end("pods", "done", performance.now() + 3_000);
  expect(progress.seconds().pods).toBeCloseTo(3, 1);
  progress.close();
});

test.each([
  [0.04, "0.0 s"],
  [9.96, "10.0 s"],
  [75.4, "75 s"],
  [560, "9 min 20 s"],
])("%d seconds read %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("a running phase shows what it does", () => {
  const phase = { id: "a", title: "k3s", state: "running", startedAt: 0, note: "go build k3s" } as const;
  expect(phaseLine(phase, 61_000)).toMatch(/^… k3s +61 s {2}go build k3s$/);
});
