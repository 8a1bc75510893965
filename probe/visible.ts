/** Controls, invisible and direction-changing characters, line and paragraph separators, halves of surrogate pairs, U+FFFE and U+FFFF. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/**
 * Text in which every character can be seen. What came from elsewhere could move a terminal's cursor, or turn the text that
 * follows it around (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing); it is shown as an escape.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** The same for a text of several lines, whose line breaks stay. */
export function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join("\n");
}

function escaped(sign: string): string {
  return `\\u{${sign.codePointAt(0)?.toString(16)}}`;
}
