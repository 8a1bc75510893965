/** Paints text that is already as wide as its column. */
export type Paint = (text: string) => string;

/** A row of a table, and what is said below it over its full width. */
export interface TextRow {
  readonly cells: readonly string[];
  /** For the last cell. */
  readonly paint?: Paint;
  readonly below?: string;
}

const INDENT = "  ";
const GAP = "  ";
const NARROWEST = 6;

/** A table in columns. Where it would be wider than `width`, cells are broken, but never those of the last column. */
export function textTable(headings: readonly string[], rows: readonly TextRow[], width: number): string[] {
  const all = [{ cells: headings }, ...rows];
  const natural = headings.map((_, column) => Math.max(...all.map(({ cells }) => cells[column]?.length ?? 0)));
  const widths = fit(natural, width - INDENT.length);
  return [
    ...lines({ cells: headings }, widths),
    ...rows.flatMap((row) => [...lines(row, widths), ...wrap(row.below ?? "", width, INDENT.repeat(3))]),
  ];
}

/** Text broken between words; a word that is longer than a line gets a line of its own. */
export function wrap(text: string, width: number, indent: string): string[] {
  const broken: string[] = [];
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const last = broken.at(-1);
    if (last !== undefined && indent.length + last.length + 1 + word.length <= width)
      broken[broken.length - 1] = `${last} ${word}`;
    else broken.push(word);
  }
  return broken.map((line) => indent + line);
}

/** Takes from the widest column, again and again. */
function fit(natural: readonly number[], width: number): number[] {
  const widths = natural.slice(0, -1);
  const total = (): number => [...widths, natural.at(-1) ?? 0].reduce((sum, each) => sum + each + GAP.length);
  for (let widest = Math.max(...widths); total() > width && widest > NARROWEST; widest = Math.max(...widths))
    widths[widths.indexOf(widest)] = widest - 1;
  return [...widths, ...natural.slice(-1)];
}

function lines({ cells, paint = (text) => text }: TextRow, widths: readonly number[]): string[] {
  const pieces = widths.map((width, column) => breakText(cells[column] ?? "", width));
  const height = Math.max(...pieces.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => {
    const padded = pieces.map((each, column) => (each[line] ?? "").padEnd(widths[column] ?? 0));
    const last = padded.pop()?.trimEnd() ?? "";
    return (INDENT + [...padded, paint(last)].join(GAP)).trimEnd();
  });
}

/** Behind a blank, hyphen or dot where there is one, else anywhere. */
function breakText(text: string, width: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const at = Math.max(...[" ", "-", "."].map((sign) => rest.lastIndexOf(sign, width - 1))) + 1;
    pieces.push(rest.slice(0, at || width).trimEnd());
    rest = rest.slice(at || width);
  }
  return [...pieces, rest];
}
