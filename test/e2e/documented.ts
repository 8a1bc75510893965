import { readFileSync } from "node:fs";
import path from "node:path";

/** The arguments of each `./lab` in the first shell block of a page, as a reader types them. */
export function documentedCommands(page: string): string[][] {
  const text = readFileSync(path.join(__dirname, "../..", page), "utf8");
  const [, block = ""] = /^```sh\n(.*?)^```$/ms.exec(text) ?? [];
  return block
    .split("\n")
    .map((line) => line.split("#")[0]?.trim().split(/\s+/) ?? [])
    .filter(([program]) => program === "./lab")
    .map(([, ...args]) => args);
}

/** The words of each command in the tables of a page: those of its lines that begin with one. */
export function documentedTable(page: string): string[][] {
  const text = readFileSync(path.join(__dirname, "../..", page), "utf8");
  return [...text.matchAll(/^\| `(.*?)` \|/gm)].map(([, command = ""]) => command.split(/\s+/));
}
