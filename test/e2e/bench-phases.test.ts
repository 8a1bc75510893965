/** The bench that the README names: it brings a lab up and down by itself. */
import path from "node:path";
import { run } from "../../embedded/system/commands";
import { LabCommand } from "./lab-command";

const lab = new LabCommand("e2e-bench");
const root = path.join(__dirname, "../..");
const MINUTES = 60_000;

/** A line of bash in the repository. */
async function bash(line: string, seconds: number): Promise<string> {
  const words = ["-euo", "pipefail", "-c", `cd -- "$1"\n${line}`, "bash", root];
  return (await run("bash", words, { timeoutMilliseconds: seconds * 1000 })).stdout;
}

beforeAll(() => lab.down(), 4 * MINUTES);
afterAll(() => lab.down(), 4 * MINUTES);

test(
  "bench/phases times each phase of a lab, beside kubectl, and takes the lab down",
  async () => {
    const text = await bash(`bench/phases --name ${lab.name}`, 900);
    for (const phase of ["multus", "network", "pods", "verdict", "total", "all of cdktf deploy"]) {
      expect(text).toMatch(new RegExp(`^  ${phase} +[0-9.]+ s +[0-9.]+ s +[0-9.]+$`, "m"));
    }
  },
  16 * MINUTES,
);
