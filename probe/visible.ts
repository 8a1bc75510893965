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

/** JSON text that holds the same values, with nothing unseen in it but the line breaks between its parts. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (sign) => (sign === "\n" ? sign : escapedUnits(sign)));
}

/** The value with every text of it, and every key, as {@link visible} shows it. */
export function visibleIn<T>(value: T): T {
  if (typeof value === "string") return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleIn) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [visible(key), visibleIn(member)])) as T;
}

/** JSON knows UTF-16 units only. */
function escapedUnits(sign: string): string {
  return [...Array(sign.length).keys()]
    .map((index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
