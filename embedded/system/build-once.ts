import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";

/** LAB_CACHE: where artifacts are kept that are built once per machine. */
export function labCache(): string {
  return process.env.LAB_CACHE ?? "/var/cache/multicast-lab";
}

/**
 * Makes `target`, a file or a directory, unless it exists. `build` gets the path of a draft beside it that is renamed when
 * it is whole, so that a kill leaves no half artifact; a draft that a killed process left is removed by the next build.
 */
export async function buildOnce(target: string, build: (draft: string) => Promise<void>): Promise<string> {
  if (existsSync(target)) {
    return target;
  }
  await fs.mkdir(path.dirname(target), { recursive: true });
  await removeAbandonedDrafts(target);
  const draft = `${target}.draft-${process.pid}-${randomUUID().slice(0, 8)}`;
  try {
    await build(draft);
    await fs.rename(draft, target).catch((error: Error) => {
      // Another process was faster: what it made under this name is as good as ours.
      if (!existsSync(target)) {
        throw error;
      }
    });
  } finally {
    await fs.rm(draft, { recursive: true, force: true });
  }
  return target;
}

async function removeAbandonedDrafts(target: string): Promise<void> {
  const prefix = `${path.basename(target)}.draft-`;
  for (const entry of await fs.readdir(path.dirname(target))) {
    const pid = entry.startsWith(prefix) ? entry.slice(prefix.length).split("-")[0] : undefined;
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) {
      await fs.rm(path.join(path.dirname(target), entry), { recursive: true, force: true });
    }
  }
}
