import { execFileSync } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { findGo } from "../../../embedded/artifacts";
import { goBuild, goBuildDirectory, isBuilt, type GoBuild } from "../../../embedded/artifacts/go-build";
import { atLeast } from "../../../embedded/artifacts/go-toolchain";
import { describeWith } from "../../helpers/needs";

let scratch: string;
let build: GoBuild;

const MAIN = 'package main\n\nvar version = "unset"\n\nfunc main() { print(version) }\n';

beforeEach(async () => {
  scratch = await fs.mkdtemp(path.join(os.tmpdir(), "go-build-test-"));
  const moduleDirectory = path.join(scratch, "module");
  await fs.mkdir(moduleDirectory);
  await fs.writeFile(path.join(moduleDirectory, "go.mod"), "module example\n\ngo 1.24\n");
  await fs.writeFile(path.join(moduleDirectory, "main.go"), MAIN);
  build = {
    name: "example",
    moduleDirectory,
    programs: [{ output: "example", target: ".", embedAs: "copy.bin" }],
    linkerValues: { "main.version": "v7" },
  };
});

afterEach(() => fs.rm(scratch, { recursive: true }));

async function writeSource(name: string, text: string): Promise<void> {
  await fs.writeFile(path.join(build.moduleDirectory, name), text);
}

test("the cache's name for a build changes with its sources and its version, not with tests or texts", async () => {
  const before = await goBuildDirectory(build, scratch);
  await writeSource("main_test.go", "package main\n");
  await writeSource("README.md", "text");
  await writeSource("copy.bin", "what the build itself puts there");
  expect(await goBuildDirectory(build, scratch)).toBe(before);
  expect(await goBuildDirectory({ ...build, linkerValues: { "main.version": "v8" } }, scratch)).not.toBe(before);
  await writeSource("more.go", "package main\n");
  expect(await goBuildDirectory(build, scratch)).not.toBe(before);
});

describeWith(["go"], "with Go", () => {
  test("a program is built once, with its version, and put where the next one embeds it", async () => {
    const go = await findGo(scratch);
    if ("missing" in go) throw new Error(go.missing);
    expect(await isBuilt(build, scratch)).toBe(false);
    const lines: string[] = [];
    const directory = await goBuild(build, scratch, (line) => lines.push(line));
    expect(lines).toEqual(["go build example"]);
    const said = execFileSync("sh", ["-c", `"$1" 2>&1`, "sh", path.join(directory, "example")]).toString();
    expect(said).toBe("v7");
    expect(await fs.readFile(path.join(build.moduleDirectory, "copy.bin"))).toEqual(
      await fs.readFile(path.join(directory, "example")),
    );
    expect(await isBuilt(build, scratch)).toBe(true);
    await goBuild(build, scratch, (line) => lines.push(line));
    expect(lines).toHaveLength(1);
  }, 60_000);

  test("a build that fails leaves nothing in the cache and says what the compiler said", async () => {
    await writeSource("main.go", "package main\n\nfunc main() { undefinedName() }\n");
    await expect(goBuild(build, scratch, () => undefined)).rejects.toThrow("undefined: undefinedName");
    expect(await fs.readdir(path.join(scratch, "go"))).toEqual([]);
  }, 60_000);
});

test.each([
  ["go1.26.6", "1.25", true],
  ["go1.26.6", "1.26.6", true],
  ["go1.26.6", "1.26.7", false],
  ["go1.9", "1.10", false],
  ["go1.27rc1", "1.26.6", true],
  ["1.26", "1.26.0", true],
])("%s is at least %s: %s", (version, needed, expected) => {
  expect(atLeast(version, needed)).toBe(expected);
});
