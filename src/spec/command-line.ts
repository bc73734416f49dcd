/** A command line as a recipe writes it: words parted by blanks, with quotes and backslashes, and no more of a shell. */

/** The words; null where a quote stays open. In "…" a backslash escapes `"` and itself; in '…' nothing does. */
export function splitCommand(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(.)/gsy;
  for (const [whole, single, double, escaped, plain, broken] of text.matchAll(piece)) {
    if (broken !== undefined) return null;
    const said = single ?? double?.replaceAll(/\\(["\\])/g, "$1") ?? escaped ?? plain;
    if (said !== undefined) word = (word ?? "") + said;
    else if (whole !== "" && word !== null) {
      words.push(word);
      word = null;
    }
  }
  if (word !== null) words.push(word);
  return words;
}
