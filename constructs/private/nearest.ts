/** The word of a list that is closest to another, if any is as close as a slip of the keyboard or another spelling of it. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_ ]/g, "");
  const ranked = words
    .map((each) => ({ each, distance: distance(plain(word), plain(each)) }))
    .filter(({ each, distance }) => distance <= Math.max(1, Math.floor(Math.min(word.length, each.length) / 3)))
    .sort((one, other) => one.distance - other.distance);
  return ranked[0]?.each;
}

/** Fewest characters inserted, removed, replaced, or exchanged with their neighbour (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance). */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 20) return Infinity;
  const rows = Array.from({ length: from.length + 1 }, (_, row) => [row]);
  const at = (row: number, column: number) => rows[row]?.[column] ?? column;
  for (let row = 1; row <= from.length; row++) {
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const exchanged = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          exchanged ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
