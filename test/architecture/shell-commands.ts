/** The programs that a shell script calls, found by reading it as the shell does, as far as the scripts of this repository go. */

const KEYWORDS = ["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "exec"];
const SEPARATOR = /^(\n|;|;;|&|&&|\||\|\||\(|\))$/;

/** A word as it is written, or an operator. */
type Token = string;

/** Names in the place of a command, functions of the script itself left out; the shell's own commands are among them. */
export function commandsOf(script: string): string[] {
  const texts = [script];
  const names = new Set<string>();
  const functions = new Set<string>();
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    const tokens = tokensOf(text, texts);
    for (const name of namesIn(tokens, functions)) names.add(name);
  }
  return [...names].filter((name) => !functions.has(name)).sort();
}

/** What stands where the shell expects it; in a `case`, patterns up to their `)` are none. */
function namesIn(tokens: readonly Token[], functions: Set<string>): string[] {
  const names: string[] = [];
  let expected: "command" | "word" | "pattern" = "command";
  for (const [index, token] of tokens.entries()) {
    const before = expected;
    expected = next(before, tokens, index);
    if (before !== "command" || expected !== "word" || token === "case") continue;
    if (tokens[index + 1] === "(" && tokens[index + 2] === ")") functions.add(token);
    else names.push(token);
  }
  return names.filter((name) => /^[\w./][\w./-]*$/.test(name));
}

function next(now: "command" | "word" | "pattern", tokens: readonly Token[], index: number): typeof now {
  const token = tokens[index]!;
  if (now === "pattern") return token === ")" ? "command" : token === "esac" ? "word" : "pattern";
  if (token === ";;" || (token === "in" && tokens[index - 2] === "case")) return "pattern";
  if (SEPARATOR.test(token)) return "command";
  const isBefore = KEYWORDS.includes(token) || isBeside(token, tokens[index - 1]);
  return now === "command" && isBefore ? "command" : "word";
}

/** Assignments, redirections and what these lead to leave the place of the command to the next word. */
function isBeside(token: Token, before: Token | undefined): boolean {
  return /^\w+\+?=|^\d*[<>]/.test(token) || /^\d*[<>]+&?$/.test(before ?? "");
}

/** Words and operators of a text; what is in its command substitutions is added to `inner`. */
function tokensOf(text: string, inner: string[]): Token[] {
  const tokens: Token[] = [];
  const heredocs: string[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^(?:[ \t]+|\\\n|#[^\n]*)/.exec(rest);
    const operator = /^(?:\n|;;|;|&&|\|\||\||&(?!>)|\(\(|\(|\))/.exec(rest)?.[0];
    if (blank) at += blank[0].length;
    else if (operator === "((") at += rest.indexOf("))") + 2;
    else if (operator === "\n" && heredocs.length > 0) {
      tokens.push(operator);
      const end = new RegExp(`^\\t*${heredocs.shift()!}$`, "m").exec(rest);
      at += end ? end.index + end[0].length : rest.length;
    } else if (operator !== undefined) {
      tokens.push(operator);
      at += operator.length;
    } else {
      const length = wordLength(rest, inner);
      const word = rest.slice(0, length);
      const heredoc = /^<<-?["']?(\w+)["']?$/.exec(word);
      if (heredoc) heredocs.push(heredoc[1]!);
      tokens.push(word);
      at += length;
    }
  }
  return tokens;
}

/** How far the word at the start of a text goes, with its quotes and substitutions. */
function wordLength(text: string, inner: string[]): number {
  let at = 0;
  while (at < text.length && !/[\s;|()&]/.test(text[at]!)) at += partLength(text.slice(at), inner);
  // `>&2` and `&>file` are one word.
  if (text[at] === "&" && /^\d*[<>]$/.test(text.slice(0, at))) return at + 1 + wordLength(text.slice(at + 1), inner);
  return Math.max(at, 1);
}

function partLength(text: string, inner: string[]): number {
  if (text.startsWith("\\")) return 2;
  if (text.startsWith("'")) return text.indexOf("'", 1) + 1;
  if (text.startsWith("$((")) return text.indexOf("))") + 2;
  if (text.startsWith("$(") || text.startsWith("<(")) return substitutionLength(text, inner);
  if (text.startsWith("${")) return closedLength(text, 2, "}", inner);
  if (text.startsWith('"')) return closedLength(text, 1, '"', inner);
  return 1;
}

function closedLength(text: string, start: number, close: string, inner: string[]): number {
  let at = start;
  while (at < text.length && text[at] !== close) {
    // A quote in double quotes is a letter.
    at += close === '"' && text[at] === "'" ? 1 : partLength(text.slice(at), inner);
  }
  return at + 1;
}

function substitutionLength(text: string, inner: string[]): number {
  let [at, depth] = [2, 1];
  while (at < text.length && depth > 0) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    at += depth > 0 && text[at] !== "(" && text[at] !== ")" ? partLength(text.slice(at), []) : 1;
  }
  inner.push(text.slice(2, at - 1));
  return at;
}
