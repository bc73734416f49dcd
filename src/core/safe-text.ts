/**
 * Text made safe for a terminal. A recipe, a file name or a compressor's complaint may hold escape
 * sequences, and characters that reverse the direction of writing; shown raw they could rewrite a report.
 */

/** Control characters, line separators, and the marks of bidirectional text; a tab counts as one. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** The same text, on one line, with what a terminal would obey written out: "\n", "\x1b", "\u{202e}". */
export function safeText(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
