import fs from "node:fs/promises";
import path from "node:path";
import { cachedArchive } from "./cached-archive";
import { type ImageConfig, type OciArchive, sha256OfFile } from "./oci-archive";

/** An image of a few files. */
export interface BinaryImageOptions {
  /** Absolute path in the image, to the file on this machine. */
  readonly files: Readonly<Record<string, string>>;
  readonly config: ImageConfig;
  readonly repository: string;
  readonly tag: string;
  /** LAB_CACHE. */
  readonly cache?: string;
}

/** The archive of an image that holds the given files, all executable, and nothing else. */
export async function binaryImage({ files, ...image }: BinaryImageOptions): Promise<OciArchive> {
  const entries = Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1));
  const recipe = await Promise.all(entries.map(async ([name, source]) => [name, await sha256OfFile(source)]));
  return cachedArchive({
    ...image,
    recipe,
    fill: async (rootDirectory) => {
      for (const [name, source] of entries) {
        const target = path.join(rootDirectory, name);
        // The image must not depend on the umask of whoever makes it.
        await makeDirectories(rootDirectory, path.dirname(name));
        await fs.copyFile(source, target);
        await fs.chmod(target, 0o755);
      }
    },
  });
}

async function makeDirectories(root: string, directory: string): Promise<void> {
  let current = root;
  for (const part of ["", ...directory.split("/").filter(Boolean)]) {
    current = path.join(current, part);
    await fs.mkdir(current, { recursive: true });
    await fs.chmod(current, 0o755);
  }
}
