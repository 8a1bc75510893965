/** What `npm pack` makes, as somebody sees it who has nothing else of this repository. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { filesBelow, PackedPackage } from "./packed";
import { shellCommands } from "../docs/shell-blocks";
import { root } from "../helpers/source-files";
import { missing, paths, TerraformAtHand } from "../helpers/terraform-at-hand";

const MINUTE = 60_000;
const assets = filesBelow(path.join(root, "constructs")).filter((file) => file.split(path.sep).includes("assets"));

const [[, ...pack] = [], [, ...install] = []] = shellCommands("README.md").filter(([program]) => program === "npm");

let scratch: string;
let app: string;
let packed: PackedPackage;

beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), "package-"));
  app = path.join(scratch, "app");
  packed = PackedPackage.installed(app, pack, install);
}, 5 * MINUTE);

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

test("the package holds the library, its texts and nothing else of the repository", () => {
  const parts = new Set(packed.files.map((file) => /^(dist\/[^/]+\/|.*)/.exec(file)?.[0]));
  const texts = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
  expect([...parts].sort()).toEqual([...texts, "dist/constructs/", "dist/probe/", "dist/stacks/"].sort());
  // The shape of what a check tells its probe, which the library's types name, and how text of others is shown.
  const probe = packed.files.filter((file) => file.startsWith("dist/probe/"));
  expect(probe).toEqual(["config", "visible"].flatMap((name) => [`dist/probe/${name}.d.ts`, `dist/probe/${name}.js`]));
  expect(packed.files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
});

test("every asset travels along, byte for byte", () => {
  expect(assets.length).toBeGreaterThan(10);
  const source = (asset: string) => fs.readFileSync(path.join(root, "constructs", asset));
  const changed = assets.filter((asset) => !packed.bytes(`dist/constructs/${asset}`).equals(source(asset)));
  expect(changed).toEqual([]);
});

test("it asks for the packages that its files import, all of them and no other", () => {
  expect(packed.needed).toEqual(packed.imported);
});

describe("an app of somebody else's", () => {
  const run = promisify(execFile);
  const tsc = (...args: string[]) =>
    run(process.execPath, [require.resolve("typescript/bin/tsc"), ...args], { cwd: app }).then(
      ({ stdout }) => stdout,
      // The compiler prints what it has found, and nothing to stderr.
      ({ stdout }: { stdout: string }) => stdout,
    );

  beforeAll(() => {
    const cdktf = path.dirname(require.resolve("cdktf-cli/package.json"));
    fs.copyFileSync(path.join(cdktf, "bundle/templates/typescript/tsconfig.json"), path.join(app, "tsconfig.json"));
    fs.copyFileSync(path.join(__dirname, "app/main.ts"), path.join(app, "main.ts"));
  });

  test(
    "it compiles as `cdktf init` sets it up, our types included",
    async () => {
      expect(await tsc("--skipLibCheck", "false")).toBe("");
      expect(fs.existsSync(path.join(app, "main.js"))).toBe(true);
    },
    MINUTE,
  );

  test.each([
    ["node16", "node16"],
    ["esnext", "bundler"],
  ])(
    "it compiles with --module %s --moduleResolution %s",
    async (module, moduleResolution) => {
      expect(await tsc("--noEmit", "--module", module, "--moduleResolution", moduleResolution)).toBe("");
    },
    MINUTE,
  );

  test(
    "it synthesises by node alone, assets included",
    async () => {
      await run(process.execPath, ["main.js"], { cwd: app });
      const synthesised = filesBelow(path.join(app, "cdktf.out")).map((file) => path.basename(file));
      // What the library itself reads at synth is no part of a stack.
      const ofStacks = assets.map((asset) => path.basename(asset)).filter((name) => name !== "shapes.json");
      expect(synthesised).toEqual(expect.arrayContaining(ofStacks));
    },
    MINUTE,
  );

  // CDKTF's own terraform_data runs `terraform version`, or what TERRAFORM_BINARY_NAME names, and fails where there is none.
  test.each([
    ["only OpenTofu", { tofu: "#!/bin/sh\necho OpenTofu v1.10.6\n" }],
    ["neither Terraform nor OpenTofu", {}],
  ])(
    "it synthesises on a machine with %s",
    async (_, programs) => {
      const directory = fs.mkdtempSync(path.join(scratch, "path-"));
      for (const [name, text] of Object.entries(programs))
        fs.writeFileSync(path.join(directory, name), text, { mode: 0o755 });
      const env = { PATH: `${directory}:/nonexistent`, CDKTF_OUTDIR: path.join(directory, "out") };
      await expect(run(process.execPath, ["main.js"], { cwd: app, env })).resolves.toMatchObject({ stderr: "" });
      expect(fs.readdirSync(path.join(directory, "out/stacks"))).toHaveLength(5);
    },
    MINUTE,
  );

  const title = "with Terraform";
  (paths === undefined ? describe.skip : describe)(paths ? title : `${title} (not here: ${missing.join(", ")})`, () => {
    test(
      "its stacks are valid",
      async () => {
        const terraform = new TerraformAtHand(scratch);
        const stacks = fs.readdirSync(path.join(app, "cdktf.out/stacks"));
        const found = await Promise.all(
          stacks.map(async (stack) => {
            await terraform.run("app/cdktf.out", stack, "init", "-no-color");
            return JSON.parse((await terraform.run("app/cdktf.out", stack, "validate", "-json")).stdout) as unknown;
          }),
        );
        expect(stacks).toEqual(["cluster", "lab", "media", "openshift-3", "openshift-4"]);
        expect(found).toEqual(stacks.map(() => expect.objectContaining({ valid: true, diagnostics: [] }) as unknown));
      },
      MINUTE,
    );
  });
});
