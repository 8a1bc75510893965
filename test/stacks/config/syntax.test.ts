import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { existingText, faultsIn, stacksOf, write } from "./files";

const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
  .concat(
    Array.from(
      { length: 11 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(", ")}]`,
    ),
  )
  .join("\n");

test.each<[string, string | Buffer, string]>([
  ["the file is empty", "", ": is empty"],
  ["there are only comments", "# lab: lab\n", ": is empty"],
  ["there is only an end of document", "---\n...\n", ": is empty"],
  ["it is a list", "- lab: lab\n", ":1:1: the file must be a mapping, got a list of 1"],
  ["it is one word", "lab\n", ':1:1: the file must be a mapping, got "lab"'],
  ["a key stands twice", "lab: lab\nlab: lab\n", ":2:1: a key stands twice in one mapping"],
  ["a key stands twice in JSON", '{\n  "lab": "lab",\n  "lab": "lab"\n}\n', ":3:3: a key stands twice in one mapping"],
  ["a tab indents", "cluster:\n\texisting: {}\n", ":2:1: a tab indents a line"],
  ["a bracket is not closed", "lab: [1, 2\n", ":2:1: is not YAML: "],
  ["a quote is not closed", "lab: 'x\n", ":2:1: is not YAML: Missing closing 'quote"],
  ["a line is indented wrongly", "lab: lab\n  master: eth1\n", ": is not YAML: "],
  ["there is a second document", "lab: lab\n---\nlab: lab\n", ":2:1: must hold one document"],
  ["an alias stands for nothing", "lab: *name\n", ":1:6: *name stands for nothing"],
  ["an alias stands in itself", "lab: &x [*x]\n", ":1:10: *x stands inside of what it stands for"],
  ["aliases make a bomb", bomb, ": its aliases (*name) repeat too much"],
  ["there is a tag", "lab: !!binary bGFi\n", ":1:15: the tag tag:yaml.org,2002:binary has no meaning here"],
  ["there is a tag of somebody's own", "lab: !env LAB\n", ":1:11: the tag !env has no meaning here"],
  ["it says that it is YAML 1.1", "%YAML 1.1\n---\nlab: yes\n", ":1:1: must be YAML 1.2, got %YAML 1.1"],
  ["a key is a list", "? [a]\n: 1\n", ":1:3: a key must be a text"],
  ["a key is a number", "1: a\n", ":1:1: a key must be a text"],
  ["a variable is to be replaced", "lab: ${LAB}\n", ":1:6: a text must not hold ${"],
  ["a template is to be evaluated", "lab: '%{if true}x%{endif}'\n", ":1:6: a text must not hold ${ or %{"],
  ["a token of CDKTF is written", "lab: '${TfToken[TOKEN.0]}'\n", ":1:6: a text must not hold ${"],
  ["it is UTF-16", Buffer.from("\ufefflab: lab", "utf16le"), ": must be UTF-8 text, got UTF-16"],
  ["it is Latin 1", Buffer.from("lab: k\xfcche", "latin1"), ": must be UTF-8 text, got bytes that are none"],
  ["it is a program", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0xff]), ": must be UTF-8 text"],
  ["it is too large", "#".repeat(1024 * 1024 + 1), ": must have 1048576 bytes at most, got 1048577"],
  ["it is nested without end", "[".repeat(100_000), ": is nested too deeply"],
  ["its lists are nested without end", `lab: \n  ${"- ".repeat(100_000)}`, ": is nested too deeply"],
  ["its mappings are nested without end", "{a: ".repeat(100_000), ": is nested too deeply"],
  ["its keys are nested without end", "? ".repeat(100_000), ": is nested too deeply"],
])("fails if %s", (_, text, message) => {
  expect(faultsIn(write(text))).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
});

test.each<[string, (directory: string) => string, string]>([
  ["is not there", (directory) => path.join(directory, "absent.yaml"), ": cannot be read: there is no such file"],
  ["is a directory", (directory) => directory, ": must be a file, got a directory"],
  ["is below a file", (directory) => path.join(directory, "lab.yaml", "x"), ": cannot be read: a part of its path"],
  [
    "has too long a name",
    (directory) => path.join(directory, "x".repeat(300)),
    ": cannot be read: its name is too long",
  ],
  [
    "is a link to itself",
    (directory) => {
      fs.symlinkSync("loop", path.join(directory, "loop"));
      return path.join(directory, "loop");
    },
    ": cannot be read: its symbolic links go round",
  ],
  [
    "is a pipe that nobody writes into",
    (directory) => {
      execFileSync("mkfifo", [path.join(directory, "pipe")]);
      return path.join(directory, "pipe");
    },
    ": must be a regular file",
  ],
])("fails if the file %s", (_, fileIn, message) => {
  expect(faultsIn(fileIn(path.dirname(write(existingText))))).toEqual([expect.stringContaining(message)]);
});

test.each<[string, string, string]>([
  ["as it is", existingText, "lab.yaml"],
  ["with a byte order mark", `\ufeff${existingText}`, "lab.yaml"],
  ["with line ends of Windows", existingText.replaceAll("\n", "\r\n"), "lab.yaml"],
  ["without a last line end", existingText.trimEnd(), "lab.yaml"],
  ["with marks of the document's start and end", `%YAML 1.2\n---\n${existingText}...\n`, "lab.yaml"],
  ["with tabs before comments", existingText.replaceAll("\n", "\t# comment\n"), "lab.yaml"],
  [
    "as JSON, indented with tabs",
    JSON.stringify(
      {
        $schema: "../schema/lab-config.schema.json",
        lab: "lab",
        cluster: {
          existing: {
            kubeconfigPath: "kubeconfig",
            nodes: [
              { name: "one", role: "server" },
              { name: "two", role: "agent" },
            ],
          },
        },
        master: "eth1",
        range: { subnet: "10.20.0.0/24" },
        probeImage: "registry.example.com/probe:1",
      },
      undefined,
      "\t",
    ),
    "lab.json",
  ],
])("a file is read %s", (_, text, name) => {
  const file = write(text, name);
  const { lab } = stacksOf(file);
  const [attachment] = lab!.objects("NetworkAttachmentDefinition");
  expect(JSON.parse(attachment!.spec.config as string)).toMatchObject({ type: "macvlan", master: "eth1" });
});

test("anchors, aliases and merge keys let hosts share what they have in common, and faults are told where it is written", () => {
  const text = [
    "lab: lab",
    "cluster:",
    "  existing:",
    "    kubeconfigPath: &path kubeconfig",
    "    nodes:",
    "      - &node { name: one, role: boss }",
    "      - { <<: *node, name: two }",
    "master: *path",
    "range: { subnet: 10.20.0.0/24 }",
    "probeImage: registry.example.com/probe:1",
  ].join("\n");
  expect(faultsIn(write(text))).toEqual([
    ':6:34: cluster.existing.nodes[0].role must be one of "server", "agent", got "boss"; did you mean "agent"?',
    ':6:34: cluster.existing.nodes[1].role must be one of "server", "agent", got "boss"; did you mean "agent"?',
  ]);
  expect(faultsIn(write(text.replace("boss", "server")))).toEqual([]);
});
