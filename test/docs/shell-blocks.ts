import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../helpers/source-files";

/** The words of each command in the blocks fenced with `sh` of a page, as a reader types them. */
export function shellCommands(page: string): string[][] {
  const text = readFileSync(path.join(root, page), "utf8");
  const lines = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) => block.split("\n"));
  return lines.map((line) => line.split("#")[0]!.trim().split(/\s+/)).filter(([program]) => program !== "");
}

/** The commands that a page names, in blocks, tables and text, with options and without the arguments that a reader puts in. */
export function namedCommands(page: string): string[] {
  const text = readFileSync(path.join(root, page), "utf8").replace(/^```.*?^```$/gms, "");
  const inline = [...text.matchAll(/`(eval "[^`]*|(?:\.\/lab|bench\/\w+|npx|npm|cdktf)[^`]*)`/g)].map(
    ([, command = ""]) => command,
  );
  const typed = shellCommands(page).map((words) => words.join(" "));
  return [...new Set([...typed, ...inline])].filter((command) => / |^bench/.test(command)).sort();
}
