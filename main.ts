import { App } from "./constructs/private/terraform";
import { addLab } from "./stacks/lab-of-environment";
import { RefusedInput } from "./stacks/refused-input";

try {
  const app = new App();
  addLab(app, process.env);
  app.synth();
} catch (error) {
  if (!(error instanceof RefusedInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
