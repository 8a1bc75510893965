const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for the inside of XML or HTML elements and quoted attributes; control characters, which XML 1.0 forbids, become blanks. */
export function escapeMarkup(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what has to go
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, " ")
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
