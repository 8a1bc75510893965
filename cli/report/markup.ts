const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Controls, invisible and direction-changing characters, halves of surrogate pairs, and U+FFFE and U+FFFF. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/**
 * Text in which every character can be seen. What came from a network could move a terminal's cursor, or turn the text that
 * follows it around (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing); it is shown as an escape.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** Text for the inside of XML or HTML elements and quoted attributes, on one line; all of it is allowed in XML 1.0. */
export function escapeMarkup(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
