/** Whoever types what the README says gets what it says: each of its commands is run by a test, which takes it from there. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../helpers/source-files";
import { shellCommands } from "./shell-blocks";

/** The test that runs the README's commands of a program. */
const tests: Record<string, string> = {
  "./lab": "test/e2e/lab.test.ts",
  npm: "test/package/package.test.ts",
};

test("the README has commands, and each one's program has a test that runs them", () => {
  const programs = new Set(shellCommands("README.md").map(([program]) => program));
  expect([...programs].sort()).toEqual(Object.keys(tests).sort());
});

test.each(Object.entries(tests))("the README's commands of %s are all taken from it by %s", (program, file) => {
  const commands = shellCommands("README.md").filter(([first]) => first === program);
  const code = readFileSync(path.join(root, file), "utf8");
  // Destructured without a rest: one command more in the README, and the test has to name it.
  const names = /const \[(.*)\] = (?:documentedCommands|shellCommands)\("README\.md"\)/.exec(code)?.[1];
  expect(names?.match(/= \[\]/g)).toHaveLength(commands.length);
});
