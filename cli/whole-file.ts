import fs from "node:fs/promises";

/** Writes a file for its owner only; whoever reads it, also after a crash, finds all of it or the one before. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await fs.writeFile(draft, text, { mode: 0o600 });
  await fs.rename(draft, file);
}
