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
const NARROWEST = 8;

/** A table in columns; cells are broken where it would be wider than `width`. */
export function textTable(headings: readonly string[], rows: readonly TextRow[], width: number): string[] {
  const widths = fit(
    headings.map((heading, column) =>
      Math.max(heading.length, ...rows.map(({ cells }) => cellOf(cells, column).length)),
    ),
    width - INDENT.length,
  );
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

function fit(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = (): number => widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  for (let widest = Math.max(...widths); total() > width && widest > NARROWEST; widest = Math.max(...widths))
    widths[widths.indexOf(widest)] = widest - 1;
  return widths;
}

function lines({ cells, paint }: TextRow, widths: readonly number[]): string[] {
  const pieces = widths.map((width, column) => cellOf(cells, column).match(new RegExp(`.{1,${width}}`, "gsu")) ?? []);
  const height = Math.max(...pieces.map((each) => each.length));
  return Array.from({ length: height }, (_, line) => {
    const padded = pieces.map((each, column) => (each[line] ?? "").padEnd(widths[column] ?? 0));
    const last = padded.pop()?.trimEnd() ?? "";
    return (INDENT + [...padded, paint ? paint(last) : last].join(GAP)).trimEnd();
  });
}

function cellOf(cells: readonly string[], column: number): string {
  return cells[column] ?? "";
}
