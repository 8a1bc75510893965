const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters other than tab and line ends, which XML 1.0 forbids. */
const FORBIDDEN = /[^\P{Cc}\t\n\r]/gu;

/** Text for the inside of XML or HTML elements and quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(FORBIDDEN, " ").replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
