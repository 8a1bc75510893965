import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { shellWord } from "../../cli/commands/access";

const ROOT = path.join(__dirname, "../..");

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let home: string;
beforeAll(async () => (home = await fs.mkdtemp(path.join(os.tmpdir(), "command-line-test-"))));
afterAll(() => fs.rm(home, { recursive: true }));

/** `./lab` as a user calls it, with a LAB_HOME of its own. */
function lab(...args: string[]): Answer {
  const env = { ...process.env, LAB_HOME: home, LAB_OFFLINE: "1" };
  const { status, stdout, stderr } = spawnSync(path.join(ROOT, "lab"), args, { env, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

test.each([["--help"], ["-h"], ["help"], []])("./lab %s prints the help", (...args) => {
  expect(lab(...args)).toEqual({ code: 0, stdout: readFileSync(path.join(ROOT, "cli/help.txt"), "utf8"), stderr: "" });
});

test("the help names every command, and every command has help", () => {
  const help = readFileSync(path.join(ROOT, "cli/help.txt"), "utf8");
  const commands = [...help.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name = ""]) => name);
  expect(commands).toEqual(
    expect.arrayContaining(["up", "verify", "report", "down", "doctor", "exec", "kubeconfig", "env", "test"]),
  );
  for (const command of ["up", "exec", "down"]) {
    expect(lab(command, "--help")).toMatchObject({ code: 0, stdout: expect.stringContaining(`Usage: lab ${command}`) });
  }
});

test.each([
  ["an unknown command", ["sideways"], "unknown command 'sideways'"],
  ["an unknown option", ["up", "--sideways"], "unknown option '--sideways'"],
  ["a lab name that is none", ["down", "--name", "Lab_1"], "use 1 to 20 lower-case letters"],
  ["a lab name that would be an option of another program", ["down", "--name=-x"], "use 1 to 20 lower-case letters"],
  [
    "a stack that there is not",
    ["up", "--lab", "multus-quikstart"],
    'did you mean "multus-quickstart"? There are lab,',
  ],
  ["no host for exec", ["exec"], "missing required argument 'host'"],
])("%s ends with exit code 2 and says what is wrong", (_, args, message) => {
  expect(lab(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

test("the help of up lists the stacks", () => {
  expect(lab("up", "--help").stdout).toMatch(/^ {2}multus-quickstart +\S/m);
});

test.each([["report"], ["kubeconfig"], ["env"], ["verify"], ["exec", "server", "true"]])(
  "without a lab, %s ends with exit code 1 and names the command that makes one",
  (...args) => {
    expect(lab(...args, "--name", "absent")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("up"),
    });
  },
);

test("doctor says what would serve instead of stand-ins, where there are any", () => {
  const { artifacts } = JSON.parse(lab("doctor", "--json").stdout) as { artifacts: { kind: string }[] };
  const said = lab("doctor")
    .stdout.split("\n")
    .filter((line) => line.startsWith("stand-ins: "));
  expect(said).toHaveLength(artifacts.some(({ kind }) => kind === "stand-in") ? 1 : 0);
  expect(said.join("")).toMatch(/^$|LAB_OFFLINE=1 keeps out, .* LAB_BUNDLE names/);
});

test("check says of a configuration file what is wrong, from wherever it is called, and without a Terraform", async () => {
  await fs.writeFile(path.join(home, "wrong.yaml"), "lab: labb\n");
  const env = { ...process.env, TERRAFORM_BINARY_NAME: "/nonexistent/terraform" };
  const call = (file: string) =>
    spawnSync(path.join(ROOT, "lab"), ["check", file], { cwd: home, env, encoding: "utf8" });
  expect(call(path.join(ROOT, "examples/lab.yaml"))).toMatchObject({ status: 0, stderr: "" });
  expect(call("wrong.yaml")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`${home}/wrong.yaml:1:6: lab must be one of`),
  });
}, 60_000);

test.each(["plain", "two words", "it's", "$(touch /x)", "`id`", "a\nb", "", "-n", "*"])(
  "the shell reads the word %j back as it was",
  (word) => {
    const { stdout } = spawnSync("sh", ["-c", `printf %s ${shellWord(word)}`], { encoding: "utf8" });
    expect(stdout).toBe(word);
  },
);
