/** The one of `known` that differs least from a word that somebody wrote: what they may have meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  // No known word is as long: the rest of a longer one would only cost time.
  const beginning = word.slice(0, 100);
  const distances = known.map((candidate) => ({ candidate, distance: editDistance(beginning, candidate) }));
  return distances.sort((left, right) => left.distance - right.distance)[0]?.candidate;
}

/** Levenshtein distance: how many characters are put in, taken out or changed. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  [...from].forEach((character, line) => {
    let left = line + 1;
    let diagonal = line;
    row = row.map((above, column) => {
      if (column > 0) left = Math.min(above + 1, left + 1, diagonal + (to[column - 1] === character ? 0 : 1));
      diagonal = above;
      return left;
    });
  });
  return row[to.length] ?? 0;
}
