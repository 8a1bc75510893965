import { labApp } from "./stacks/lab-app";
import { addLab } from "./stacks/lab-of-environment";
import { RefusedInput } from "./stacks/refused-input";

// CDKTF formats the whole stack of each token that it makes, every line looked up in a source map: a seventh of the synthesis. An
// error that nobody expected has its lines in TypeScript all the same.
process.setSourceMapsEnabled(false);
process.once("uncaughtExceptionMonitor", () => process.setSourceMapsEnabled(true));

try {
  const app = labApp();
  addLab(app, process.env);
  app.synth();
} catch (error) {
  if (!(error instanceof RefusedInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
