import { labApp } from "./stacks/lab-app";
import { addLab } from "./stacks/lab-of-environment";
import { RefusedInput } from "./stacks/refused-input";

try {
  const app = labApp();
  addLab(app, process.env);
  app.synth();
} catch (error) {
  if (!(error instanceof RefusedInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
