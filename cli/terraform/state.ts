import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";

/** Stands for what is deployed: another after each apply that changed something, the same for all else (a digest of the state files). */
export async function deploymentId(stateDirectory: string): Promise<string> {
  const entries = await fs.readdir(stateDirectory).catch(() => []);
  const digest = createHash("sha256");
  for (const name of entries.filter((each) => each.endsWith(".tfstate")).sort()) {
    digest.update(name).update(await fs.readFile(path.join(stateDirectory, name)));
  }
  return digest.digest("hex");
}
