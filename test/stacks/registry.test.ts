import { readFileSync } from "node:fs";
import * as path from "node:path";
import { nearest } from "../../constructs/private/nearest";
import { Testing, type TerraformStack } from "../../constructs/private/terraform";
import { embeddedLab } from "../../stacks/embedded-lab";
import { DEFAULT_STACK, registeredStack, STACKS } from "../../stacks/registry";
import { root } from "../helpers/source-files";
import { synthStack } from "../helpers/synth";
import { inventoryFor } from "./inventory";

test.each(Object.keys(STACKS))("%s is made from the inventory of a lab with the hosts that it asks for", (name) => {
  const app = Testing.app();
  embeddedLab(app, inventoryFor(name));
  expect(app.node.children.map(({ node }) => node.id)).toEqual(expect.arrayContaining(["cluster", name]));
  expect(synthStack(app.node.findChild(name) as TerraformStack).json).toMatchObject({
    terraform: { backend: { local: { path: `/var/lib/multicast-lab/labs/test/state/${name}.tfstate` } } },
  });
});

test("the command line's help has a line for each stack, in the same words", () => {
  const help = readFileSync(path.join(root, "cli/help.txt"), "utf8");
  const listed = [...help.slice(help.indexOf("\nLabs ")).matchAll(/^ {2}([a-z0-9-]+) {2,}(.*)$/gm)];
  const expected = Object.entries(STACKS).map(([name, { summary }]) => [
    name,
    name === DEFAULT_STACK ? `${summary} (default)` : summary,
  ]);
  expect(listed.map(([, name, summary]) => [name, summary]).slice(0, expected.length)).toEqual(expected);
});

test.each(["k3s", "multus-quikstart", "toString", ""])(
  "fails if the name is %j, with the nearest and all that there are",
  (name) => {
    const names = Object.keys(STACKS);
    expect(() => registeredStack(name)).toThrow(
      `there is no lab "${name}"; did you mean "${nearest(name, names)}"? There are ${names.join(", ")}`,
    );
  },
);
