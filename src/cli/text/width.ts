/**
 * How many columns text takes on a terminal. Source: UAX #11 (East Asian Width), reduced to the scripts and
 * forms that every terminal draws wide, and UAX #44 for what takes no column of its own.
 */

const NO_COLUMN = /^[\p{Mn}\p{Me}\u200b-\u200d\u2060]$/u;
const TWO_COLUMNS =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;

export function widthOf(text: string): number {
  if (!/[^\u0020-\u007e]/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** One character (code point): 0, 1 or 2 columns. */
export function characterWidth(character: string): number {
  if (character < "\u0300") return 1;
  if (NO_COLUMN.test(character)) return 0;
  // Halfwidth katakana and hangul are of the wide scripts and narrow all the same.
  if (/^[\uff61-\uffdc]$/u.test(character)) return 1;
  return TWO_COLUMNS.test(character) ? 2 : 1;
}

/** As much of the text's beginning as fits, with "…" where something is cut. */
export function fitWidth(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let fitted = "";
  let width = 1;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    fitted += character;
  }
  return `${fitted}…`;
}
