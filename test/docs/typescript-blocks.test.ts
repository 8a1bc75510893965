/** Every TypeScript block of the documents compiles against the library; `typescript-blocks.ts` says as what. */
import { existsSync } from "node:fs";
import * as path from "node:path";
import { blocksIn, blocksOf, diagnose, programsOf } from "./typescript-blocks";
import { root, sourceFiles } from "../helpers/source-files";

const pages = [...sourceFiles("docs", [".md"]), ...["README.md"].filter((page) => existsSync(path.join(root, page)))];
const fence = "```";

test("every TypeScript block compiles", () => {
  const blocks = pages.flatMap((page) => programsOf(blocksOf(page)));
  expect(blocks.length).toBeGreaterThan(0);
  expect(diagnose(blocks)).toEqual([]);
}, 120_000);

test("a block that does not compile is named by page and line, whatever kind it is", () => {
  const text = [
    "# Page",
    `${fence}ts`,
    'import { Ipam } from "multicast-lab";',
    "Ipam.missing();",
    fence,
    `${fence}ts`,
    "// given: cluster: ICluster",
    'const namespace = new MulticastNamespace(this, "Media", { cluster, namespaceName: "media" });',
    fence,
    `${fence}ts`,
    "// continues",
    "namespace.namespaceName.length.missing;",
    fence,
    `${fence}ts`,
    "new Multus(this);",
    fence,
    "",
  ].join("\n");
  const found = diagnose(programsOf(blocksIn("page.md", text)));
  expect(found.map((each) => each.split(" ")[0])).toEqual(["page.md:3", "page.md:11", "page.md:15"]);
}, 120_000);
