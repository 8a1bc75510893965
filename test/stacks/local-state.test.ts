import { keepState } from "../../stacks/local-state";
import { newStack, synthStack } from "../helpers/synth";

interface TerraformBlock {
  readonly backend: unknown;
  readonly required_version: string;
}

test("a stack keeps its state in the file and says which Terraform it needs", () => {
  const stack = newStack();
  keepState(stack, "/var/lib/lab/it.tfstate");
  const { terraform } = synthStack(stack).json as unknown as { terraform: TerraformBlock };
  expect(terraform.backend).toEqual({ local: { path: "/var/lib/lab/it.tfstate" } });
  expect(terraform.required_version).toBe(">= 1.4.0");
});

test("fails if the path is none", () => {
  expect(() => keepState(newStack(), "")).toThrow(/statePath/);
});
