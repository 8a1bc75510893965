import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { inOrder, synthesisedStacks } from "../../../cli/terraform/stacks";

const stack = (
  name: string,
  ...dependencies: string[]
): { name: string; directory: string; dependencies: string[] } => ({ name, directory: `/out/${name}`, dependencies });

test("stacks come after those that they depend on", () => {
  const names = inOrder([stack("checks", "lab"), stack("lab", "cluster"), stack("cluster")]).map(({ name }) => name);
  expect(names).toEqual(["cluster", "lab", "checks"]);
});

test("an output directory without a manifest has no stacks", async () => {
  const out = await fs.mkdtemp(path.join(os.tmpdir(), "stacks-test-"));
  expect(await synthesisedStacks(out)).toEqual([]);
  await fs.rm(out, { recursive: true });
});
