import childProcess from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { dataResource } from "../../../constructs/private/data-resource";
import { everyConstruct } from "../../../package/every-construct";
import { newStack } from "../../helpers/synth";

test("no construct runs a program when it is synthesised", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "data-resource-"));
  const execSync = jest.spyOn(childProcess, "execSync").mockReturnValue("Terraform v1.11.4");
  const nodes = everyConstruct(directory).flatMap((stack) => stack.node.findAll().map(({ node }) => node));
  expect(nodes.flatMap((node) => node.validate())).toEqual([]);
  expect(execSync.mock.calls).toEqual([]);
  fs.rmSync(directory, { recursive: true });
});

test("what a user wants validated besides is validated", () => {
  const { node } = dataResource(newStack(), "Data", {});
  node.addValidation({ validate: () => ["fault"] });
  expect(node.validate()).toEqual(["fault"]);
});
