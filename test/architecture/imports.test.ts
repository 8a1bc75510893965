/**
 * Holds the parts of the design apart: nothing imports against the direction of the data
 * (main.ts -> stacks -> constructs, cli -> stacks and embedded; embedded and probe know nothing but themselves).
 */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { cycleIn, importsOf, type Import } from "./import-graph";
import { root, sourceFiles } from "../helpers/source-files";

/** What the files of a part may import of the repository, beside themselves. */
const parts: Record<string, readonly string[]> = {
  "main.ts": ["stacks"],
  stacks: ["constructs"],
  constructs: [],
  probe: [],
  embedded: [],
  cli: ["embedded", "stacks"],
  bench: ["cli", "constructs", "embedded", "stacks"],
  package: ["constructs", "stacks"],
  schema: ["stacks"],
};

/** Shapes of what one part writes and another reads, shared in this direction; such a file stands for itself. */
const contracts = [
  "constructs -> probe/config.ts",
  "cli -> probe/report.ts",
  // How a text is shown that came from elsewhere: one way for all.
  ...["constructs", "stacks", "cli"].map((part) => `${part} -> probe/visible.ts`),
];

/** The library's own layers, lowest first: a folder knows only those before it. Siblings stand in one line. */
const layers = [
  ["private"],
  ["cluster"],
  ["multus", "namespace"],
  ["network"],
  ["openshift"],
  ["workload"],
  ["verification"],
  ["index.ts"],
];

/** The files through which alone the archived CDKTF and the generated bindings are reached (docs/adr/0002-cdktf-or-cdktn.md). */
const doors: Record<string, string> = {
  cdktf: "constructs/private/terraform.ts",
  cdktn: "constructs/private/terraform.ts",
  constructs: "constructs/private/terraform.ts",
  "@cdktf/provider-kubernetes": "constructs/private/kubernetes.ts",
  "@cdktf/provider-helm": "constructs/private/kubernetes.ts",
};

/** Stands for the code of a user, who imports the bindings directly. */
const usersOwn = [
  "bench/synth-apps.ts",
  "test/constructs/workload/workloads.ts",
  "test/e2e/live-workloads.ts",
  "test/package/app/main.ts",
  "test/stacks/local-state.test.ts",
];

/** Packages and modules that each part may use; what a part does not name here it has no business with. */
const modules: Record<string, (name: string) => boolean> = {
  // Pure: no network, no processes; files only where a construct reads its own assets.
  constructs: (name) =>
    ["ip-address", "yaml", "node:path", "node:os", "node:crypto", "node:net", "node:fs"].includes(name) ||
    name in doors,
  stacks: (name) => ["zod", "yaml", "node:path", "node:os", "node:fs", "node:util"].includes(name),
  "main.ts": () => false,
  // One file in any image with Node.js: nothing that has to be installed; esbuild makes that file.
  probe: (name) => name.startsWith("node:") || name === "esbuild",
  embedded: (name) => !(name in doors),
  cli: (name) => !(name in doors),
  // An app by hand is among what is measured.
  bench: () => true,
  package: (name) => !(name in doors),
  // Reads the sources, and runs nothing of them but the schema.
  schema: (name) => ["typescript", "zod", "node:path", "node:fs"].includes(name),
};

const files = sourceFiles(".", [".ts"]);
const imports = files.flatMap(importsOf);
const own = imports.filter(({ from }) => partOf(from) !== "test");
const text = ({ from, to }: Import) => `${from} -> ${to}`;

function partOf(file: string): string {
  return file.split("/")[0]!;
}

function layerOf(file: string): number {
  return layers.findIndex((folders) => folders.includes(file.split("/")[1]!));
}

test("every source file belongs to a part that has a rule", () => {
  const known = [...Object.keys(parts), "test"];
  expect(files.filter((file) => !known.includes(partOf(file)))).toEqual([]);
  expect(files.length).toBeGreaterThan(50);
});

test("no part imports against the direction of the data", () => {
  const against = own.filter(({ from, to, isFile }) => {
    const [part, other] = [partOf(from), partOf(to)];
    if (contracts.includes(`${part} -> ${to}`)) return false;
    return isFile && part !== other && to !== doors.cdktf && !parts[part]?.includes(other);
  });
  expect(against.map(text)).toEqual([]);
});

test("a shape that two parts share brings nothing else along", () => {
  const shared = contracts.map((contract) => contract.split(" -> ")[1]);
  const brought = own.filter(({ from, isTypeOnly }) => shared.includes(from) && !isTypeOnly);
  expect(brought.map(text)).toEqual([]);
  expect(shared.filter((file) => !own.some(({ to }) => to === file))).toEqual([]);
});

/**
 * What of constructs/private others may use: CDKTF's door; for the stacks what tells wrong values, so that there is one set of rules,
 * and what keeps texts from Terraform.
 */
function isOpen(from: string, to: string): boolean {
  const files = ["rules.ts", "ip-rules.ts", "shape.ts", "validate.ts", "nearest.ts", "terraform-text.ts"];
  const open = files.map((file) => `constructs/private/${file}`);
  return to === doors.cdktf || (from.startsWith("stacks/") && open.includes(to));
}

test("outside the library nothing of constructs/private is used but the door to CDKTF, and by the stacks what tells wrong values", () => {
  const inside = (file: string) => file.startsWith("constructs/");
  const reached = own.filter(
    ({ from, to }) => !inside(from) && to.startsWith("constructs/private/") && !isOpen(from, to),
  );
  expect(reached.map(text)).toEqual([]);
});

test("only parts that describe a lab go through the door to CDKTF", () => {
  const describing = ["main.ts", "stacks", "constructs", "bench", "package"];
  const through = own.filter(({ from, to }) => to === doors.cdktf && !describing.includes(partOf(from)));
  expect(through.map(text)).toEqual([]);
});

test("the library's layers know only those below them", () => {
  const library = own.filter(({ from, to }) => partOf(from) === "constructs" && partOf(to) === "constructs");
  const upward = library.filter(({ from, to }) => {
    const [above, below] = [layerOf(from), layerOf(to)];
    return from.split("/")[1] !== to.split("/")[1] && above <= below;
  });
  // What carries custom resources needs a provider, and a provider is a cluster's.
  const known = ["constructs/private/kubernetes-objects.ts -> constructs/cluster/cluster.ts"];
  expect([...new Set(upward.map(text))].filter((each) => !known.includes(each))).toEqual([]);
  expect(library.filter(({ from }) => layerOf(from) < 0).map(text)).toEqual([]);
});

test.each(Object.entries(doors))("%s is imported by %s alone", (name, door) => {
  const others = imports.filter(({ from, to }) => to === name && from !== door && !usersOwn.includes(from));
  expect(others.map(text)).toEqual([]);
});

test("each part uses only the packages it may", () => {
  const foreign = own.filter(({ from, to, isFile }) => !isFile && !modules[partOf(from)]?.(to));
  expect(foreign.map(text)).toEqual([]);
});

test("what runs is free of import cycles", () => {
  const edges = imports.filter(({ isFile, isTypeOnly }) => isFile && !isTypeOnly);
  expect(cycleIn(edges.map(({ from, to }) => [from, to] as const))).toBeUndefined();
});

test("a cycle would be found", () => {
  expect(
    cycleIn([
      ["a", "b"],
      ["b", "c"],
      ["c", "b"],
    ]),
  ).toEqual(["b", "c", "b"]);
  expect(
    cycleIn([
      ["a", "b"],
      ["a", "c"],
      ["b", "c"],
    ]),
  ).toBeUndefined();
});

test("no source file is longer than 300 lines", () => {
  const sources = [...files, ...sourceFiles(".", [".go", ".sh"])];
  const lines = (file: string) => readFileSync(path.join(root, file), "utf8").trimEnd().split("\n").length;
  expect(sources.filter((file) => lines(file) > 300)).toEqual([]);
});
