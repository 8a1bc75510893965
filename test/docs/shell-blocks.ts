import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../helpers/source-files";

/** The words of each command in the blocks fenced with `sh` of a page, as a reader types them. */
export function shellCommands(page: string): string[][] {
  const text = readFileSync(path.join(root, page), "utf8");
  const lines = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) => block.split("\n"));
  return lines.map((line) => line.split("#")[0]!.trim().split(/\s+/)).filter(([program]) => program !== "");
}
