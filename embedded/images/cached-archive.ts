import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { buildOnce, labCache } from "../system/build-once";
import { type OciArchive, type OciArchiveOptions, writeOciArchive } from "./oci-archive";

/** An image, and what it is made from. */
export interface CachedImage extends Omit<OciArchiveOptions, "rootDirectory" | "target"> {
  /** Everything that the image's content depends on, configuration aside. */
  readonly recipe: readonly unknown[];
  /** Fills the image's root, which does not exist yet. */
  readonly fill: (rootDirectory: string) => Promise<void>;
  /** LAB_CACHE. */
  readonly cache?: string;
}

/** The archive of an image from the cache, made when it is not there. */
export async function cachedArchive({ fill, recipe, cache, ...image }: CachedImage): Promise<OciArchive> {
  const entry = cacheEntry({ ...image, recipe, cache });
  const directory = await buildOnce(entry, async (draft) => {
    const rootDirectory = path.join(draft, "root");
    await fs.mkdir(draft, { recursive: true });
    await fill(rootDirectory);
    const target = path.join(draft, "image.tar");
    const { sha256, reference } = await writeOciArchive({ ...image, rootDirectory, target });
    await fs.rm(rootDirectory, { recursive: true });
    await fs.writeFile(path.join(draft, "image.json"), JSON.stringify({ sha256, reference }));
  });
  const facts = JSON.parse(await fs.readFile(path.join(directory, "image.json"), "utf8")) as Omit<OciArchive, "path">;
  return { ...facts, path: path.join(directory, "image.tar") };
}

/** Where the cache keeps an image, made or not. */
export function cacheEntry({ recipe, cache, ...image }: Omit<CachedImage, "fill">): string {
  const key = createHash("sha256")
    .update(JSON.stringify([image, recipe]))
    .digest("hex")
    .slice(0, 16);
  return path.join(cache ?? labCache(), "images", `${path.basename(image.repository)}-${key}`);
}
