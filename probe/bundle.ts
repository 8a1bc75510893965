import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";

/** Where the library keeps the bundle; checked in, since a construct reads nothing but its own assets. */
export const BUNDLE_PATH = path.join(__dirname, "../constructs/verification/assets/probe.cjs");

/** The probe as one CommonJS file for Node.js 18 and later, in readable form. */
export async function bundleProbe(): Promise<string> {
  const result = await build({
    absWorkingDir: path.join(__dirname, ".."),
    entryPoints: ["probe/main.ts"],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node18",
    legalComments: "none",
  });
  const [output] = result.outputFiles;
  if (!output) throw new Error("esbuild gave no output file");
  return output.text;
}

if (require.main === module) {
  void bundleProbe().then((text) => writeFileSync(BUNDLE_PATH, text));
}
