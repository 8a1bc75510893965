import { isOnPath } from "../../cli/machine/packages";

/** What this machine lacks of programs; "root" stands for the user. */
function lacking(needs: readonly string[]): string[] {
  return needs.filter((need) => (need === "root" ? process.getuid?.() !== 0 : !isOnPath(need)));
}

/**
 * `describe`, or where this machine lacks a program, a skipped one that says so in its title: `./lab test` prints the titles of what
 * it skipped. test/architecture/programs.test.ts holds the programs against what the file calls.
 */
export function describeWith(needs: readonly string[], title: string, body: () => void): void {
  const lacks = lacking(needs);
  const describeHere = lacks.length === 0 ? describe : describe.skip;
  describeHere(lacks.length === 0 ? title : `${title} (needs ${lacks.join(", ")})`, body);
}
