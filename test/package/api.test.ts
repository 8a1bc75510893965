/** The API as it is beside the reports and the reference that are checked in: `npm run api` writes all three anew. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { filesBelow } from "./packed";
import * as constructs from "../../constructs";
import { Construct } from "../../constructs/private/terraform";
import { constructIds } from "../../package/construct-ids";
import { everyConstruct } from "../../package/every-construct";
import * as stacks from "../../stacks";
import { root } from "../helpers/source-files";

const MINUTE = 60_000;
const textOf = (...file: string[]): string => fs.readFileSync(path.join(root, ...file), "utf8");

let scratch: string;
beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), "api-"));
});
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** Runs a tool of the repository; what it prints matters only where it fails. */
async function tool(program: string, ...args: string[]): Promise<void> {
  const file = path.join(root, "node_modules/.bin", program);
  await promisify(execFile)(file, args, { cwd: root }).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      throw new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`);
    },
  );
}

test(
  "public names and types are those of api/multicast-lab.api.md",
  async () => {
    await tool("tsc", "--project", "package");
    // As an update, but of a copy beside the types: a report that differs is shown below and not only told of.
    const copy = path.join(root, "api/dist/copy");
    fs.mkdirSync(copy, { recursive: true });
    const config = JSON.parse(textOf("package/api-extractor.json")) as { apiReport: object };
    const apiReport = { ...config.apiReport, reportFolder: copy };
    const file = path.join(copy, "api-extractor.json");
    fs.writeFileSync(file, JSON.stringify({ ...config, projectFolder: root, apiReport }));
    await tool("api-extractor", "run", "--local", "--config", file);
    expect(textOf("api/dist/copy/multicast-lab.api.md")).toBe(textOf("api/multicast-lab.api.md"));
  },
  2 * MINUTE,
);

test("construct ids and Terraform addresses are those of api/construct-ids.txt", () => {
  expect(constructIds(everyConstruct(path.join(scratch, "ids")))).toBe(textOf("api/construct-ids.txt"));
});

test("that report tells of every construct that the package exports", () => {
  const exported: unknown[] = Object.values({ ...constructs, ...stacks });
  const classes = exported.filter(isConstructClass);
  const all = everyConstruct(path.join(scratch, "tree")).flatMap((stack) => stack.node.findAll());
  expect(classes.length).toBeGreaterThan(10);
  expect(classes.filter((each) => !all.some((node) => node instanceof each)).map(({ name }) => name)).toEqual([]);
});

function isConstructClass(value: unknown): value is typeof Construct {
  return typeof value === "function" && value.prototype instanceof Construct;
}

test(
  "docs/api is what the docstrings say, each public name has one, and each link leads somewhere",
  async () => {
    const reference = path.join(scratch, "reference");
    await tool("typedoc", "--options", "package/typedoc.json", "--out", reference);
    expect(filesBelow(reference)).toEqual(filesBelow(path.join(root, "docs/api")));
    const changed = filesBelow(reference).filter(
      (file) => fs.readFileSync(path.join(reference, file), "utf8") !== textOf("docs/api", file),
    );
    expect(changed).toEqual([]);
  },
  MINUTE,
);
