import { App } from "./constructs/private/terraform";
import { addLab } from "./stacks/lab-of-environment";
import { RefusedInput } from "./stacks/refused-input";

try {
  // CDKTF's own validations run `terraform version` for each terraform_data: a third of the synthesis. Every stack says itself which
  // version it needs, and every construct has refused what is wrong with it by now.
  const app = new App({ skipValidation: true });
  addLab(app, process.env);
  app.synth();
} catch (error) {
  if (!(error instanceof RefusedInput)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
