/** Whoever types what the README says gets what it says: each of its commands is run by a test, which takes it from there. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../helpers/source-files";
import { namedCommands, shellCommands } from "./shell-blocks";

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

/** The test that runs each command that the README names, and how it does. */
const runs: Record<string, readonly [file: string, call: string | RegExp]> = {
  "./lab up": ["test/e2e/lab.test.ts", 'lab.run(["--yes", ...up]'],
  "./lab down": ["test/e2e/lab.test.ts", "lab.run(down"],
  "./lab up --lab k3s-media": ["test/e2e/k3s-media.test.ts", '["up", "--lab", "k3s-media"]'],
  "./lab up --lab offline-planes": ["test/e2e/offline-planes.test.ts", 'lab.run(["--yes", ...up]'],
  "./lab up --lab multus-quickstart": ["test/e2e/multus-quickstart.test.ts", 'lab.run(["--yes", ...up]'],
  "./lab up --cluster-network ovn-kubernetes --lab openshift-multicast": [
    "test/e2e/ovn-kubernetes.test.ts",
    /UP, "openshift-multicast"/,
  ],
  "./lab up --cluster-network ovn-kubernetes --lab openshift-dedicated": [
    "test/e2e/ovn-kubernetes.test.ts",
    /UP, "openshift-dedicated"/,
  ],
  "./lab verify": ["test/e2e/lab.test.ts", "lab.verify("],
  "./lab report": ["test/e2e/lab.test.ts", 'lab.run(["report"]'],
  "./lab doctor": ["test/cli/command-line.test.ts", 'lab("doctor")'],
  "./lab check FILE": ["test/cli/command-line.test.ts", '["check", file]'],
  "./lab exec HOST -- CMD": ["test/e2e/lab.test.ts", "lab.exec("],
  "./lab kubeconfig": ["test/e2e/readme.test.ts", 'lab.run(["kubeconfig"]'],
  "./lab env": ["test/e2e/readme.test.ts", "./lab --name"],
  'eval "$(./lab env)"': ["test/e2e/readme.test.ts", "eval "],
  "npx cdktf deploy": ["test/e2e/readme.test.ts", "npx cdktf deploy"],
  "bench/phases": ["test/e2e/bench-phases.test.ts", "bench/phases"],
  "./lab test": ["test/e2e/bare-root.test.ts", 'word === "test"'],
  "./lab test --fast": ["test/e2e/bare-root.test.ts", '"--fast", "--yes"'],
  "npm pack": ["test/package/package.test.ts", "PackedPackage.installed(app, pack, install)"],
  "npm install ./multicast-lab-0.1.0.tgz": [
    "test/package/package.test.ts",
    "PackedPackage.installed(app, pack, install)",
  ],
};

test("each command that the README names is run by a test", () => {
  expect(namedCommands("README.md")).toEqual(Object.keys(runs).sort());
});

test.each(Object.entries(runs))("%s", (_, [file, call]) => {
  const code = readFileSync(path.join(root, file), "utf8");
  expect(typeof call === "string" ? code.includes(call) : call.test(code)).toBe(true);
});
