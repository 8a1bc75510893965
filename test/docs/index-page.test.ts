/** docs/README.md leads to every page; a page that nobody links is read by nobody. */
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { root, sourceFiles } from "../helpers/source-files";

const INDEX = "docs/README.md";

/** Files below the root that a page links. */
function linked(page: string): string[] {
  const text = readFileSync(path.join(root, page), "utf8");
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(([, target]) => target ?? "");
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => path.posix.join(path.posix.dirname(page), target));
}

/** Generated pages and decisions have an index of their own. */
const pages = sourceFiles("docs", [".md"]).filter((page) => !/^docs\/(api|adr)\/./.test(page) && page !== INDEX);

test("the index leads to every page", () => {
  expect(pages.length).toBeGreaterThan(5);
  const reached = linked(INDEX);
  expect(pages.filter((page) => !reached.includes(page))).toEqual([]);
});

test("every decision is in the list of decisions", () => {
  const decisions = sourceFiles("docs/adr", [".md"]).filter((page) => /\/\d{4}-/.test(page));
  const reached = linked("docs/adr/README.md");
  expect(decisions.filter((page) => !reached.includes(page))).toEqual([]);
});

test.each([INDEX, "README.md", ...pages])("what %s links exists", (page) => {
  expect(linked(page).filter((target) => !existsSync(path.join(root, target)))).toEqual([]);
});
