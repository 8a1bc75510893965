/**
 * Every field of the public API that a check stands on, changed once: the plan must make its verdict anew. That a field of one of these
 * interfaces is missing here is found by the compiler, that an interface is missing by the last test.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkCases } from "./judged-checks";
import { clusterCases } from "./judged-clusters";
import { networkCases } from "./judged-networks";
import { NotJudged, type JudgedCase } from "./judged-cases";
import { madeAnew, podsWithoutRevision, type Blocks } from "./made-anew";
import { everyConstruct } from "../../../package/every-construct";
import { newStack, synthStack } from "../../helpers/synth";
import { PublicApi } from "../../helpers/string-fields";

const cases = [...networkCases, ...checkCases, ...clusterCases];
const rows = cases.flatMap((each) =>
  each.changes.flatMap(([field, value]): [string, JudgedCase, object][] =>
    value instanceof NotJudged ? [] : [[`${each.type}.${field}`, each, { [field]: value }]],
  ),
);

/** Interfaces that no check stands on. */
const apart = new Map([
  ["ClusterProxyProps", "how the cluster reaches the internet"],
  ["SdnToOvnMigrationProps", "the network that it leads to is declared of the cluster: networkType"],
  ["MasterProps", "a part of other props"],
  ["AttachOptions", "on which node a workload of the user's own runs"],
]);

function blocks({ build }: JudgedCase, change: object): Blocks {
  const stack = newStack();
  build(stack, change);
  return synthStack(stack).json.resource ?? {};
}

const usual = new Map<JudgedCase, Blocks>();

function usualBlocks(each: JudgedCase): Blocks {
  const known = usual.get(each) ?? blocks(each, {});
  usual.set(each, known);
  return known;
}

test.each(rows)("%s makes the verdict anew", (_, each, change) => {
  const anew = madeAnew(usualBlocks(each), blocks(each, change));
  expect(anew.filter((address) => address.includes("_Verdict_"))).toHaveLength(1);
});

test("nothing is made anew where nothing has changed", () => {
  const anew = cases.flatMap((each) => madeAnew(usualBlocks(each), blocks(each, {})));
  expect(anew).toEqual([]);
});

test("every pod that the package makes is made anew with what it waits for", () => {
  const outdir = mkdtempSync(path.join(tmpdir(), "judged-"));
  const stacks = everyConstruct(outdir).map((stack) => synthStack(stack).json.resource ?? {});
  rmSync(outdir, { recursive: true });
  expect(stacks.flatMap(podsWithoutRevision)).toEqual([]);
});

test("there is a case for each interface of the public API", () => {
  const names = new PublicApi().propsOf("constructs/index.ts");
  const known = new Set([...cases.map(({ type }) => type), ...apart.keys()]);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});
