import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { configuredLab } from "./configured-lab";
import { labApp } from "../lab-app";

/**
 * Synthesises what a configuration file describes and throws it away: nothing is asked of hosts or clusters.
 *
 * @returns the names of the stacks that a deploy makes, in the order of the app.
 * @throws ConfigError with what is wrong in the file.
 */
export function checkConfig(file: string): string[] {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), "lab-check-"));
  try {
    const app = labApp(outdir);
    configuredLab(app, file);
    app.synth();
    return fs.readdirSync(path.join(outdir, "stacks"));
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}
