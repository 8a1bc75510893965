import { existsSync, statSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { ArtifactSettings } from "./artifact";

const bundleFile = z.strictObject({
  images: z
    .record(z.string(), z.strictObject({ archive: z.string().min(1), ref: z.string().min(1) }))
    .default({})
    .describe("image name -> archive, relative to the bundle, and the reference that it resolves"),
});

/** An image archive of the bundle. */
export interface BundleImage {
  readonly archive: string;
  readonly reference: string;
}

/** The directory that LAB_BUNDLE names, if it names one. */
export function bundleDirectory(named = process.env.LAB_BUNDLE): string | undefined {
  if (named === undefined || named === "") return undefined;
  if (statSync(named, { throwIfNoEntry: false })?.isDirectory()) return path.resolve(named);
  throw new Error(
    `LAB_BUNDLE must name a directory of real parts, got "${named}", which is none; unset it to use what this machine can get`,
  );
}

/** Absolute path of a file of the bundle, when there is a bundle that has it. */
export function bundlePath(settings: ArtifactSettings, ...parts: readonly string[]): string | undefined {
  if (settings.bundle === undefined) return undefined;
  const file = path.resolve(settings.bundle, ...parts);
  return existsSync(file) ? file : undefined;
}

/** The image that bundle.json names, if any. */
export async function bundleImage(settings: ArtifactSettings, name: string): Promise<BundleImage | undefined> {
  const description = bundlePath(settings, "bundle.json");
  if (description === undefined) return undefined;
  const parsed = bundleFile.safeParse(parseJson(await fs.readFile(description, "utf8"), description));
  if (!parsed.success) throw new Error(`${description}: ${z.prettifyError(parsed.error)}`);
  const image = parsed.data.images[name];
  if (image === undefined) return undefined;
  const archive = bundlePath(settings, image.archive);
  if (archive === undefined)
    throw new Error(`${description}: image "${name}" names ${image.archive}, which is not there`);
  return { archive, reference: image.ref };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} must be JSON: ${(error as Error).message}`, { cause: error });
  }
}
