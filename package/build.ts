/** Makes dist/, what `npm pack` packs: the library and the ready stacks as CommonJS with their types, and their assets. */
import { execFileSync } from "node:child_process";
import { cpSync, rmSync, statSync } from "node:fs";
import * as path from "node:path";

const root = path.join(__dirname, "..");
const dist = path.join(root, "dist");

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "--project", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
// Beside the compiled file as beside its source, so that `__dirname` finds them in both.
const isAsset = (file: string): boolean => path.relative(root, file).split(path.sep).includes("assets");
for (const part of ["constructs", "stacks"]) {
  cpSync(path.join(root, part), path.join(dist, part), {
    recursive: true,
    filter: (file) => statSync(file).isDirectory() || isAsset(file),
  });
}
