import fs from "node:fs/promises";

/** Writes a file for its owner only. A reader finds the whole new file or the whole old one, also after a crash. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await fs.writeFile(draft, text, { mode: 0o600 });
  await fs.rename(draft, file);
}
