/** File modes as people write them. */

export type WrittenMode =
  | { readonly mode: number }
  /** `write`: what was meant, most likely; null: this is no mode at all. */
  | { readonly mode: null; readonly write: string | null };

/**
 * `0755`, `0o755` and the same in quotes are octal. YAML 1.2 reads the digits of 0755 as the decimal 755, so
 * the scalar's own text is judged; `755` without the zero is refused, since YAML 1.1 and 1.2, tools and
 * people disagree on it. Four digits (1777, 4755) leave no doubt: they are taken as octal.
 */
export function parseMode(written: string): WrittenMode {
  const octal =
    /^0o?([0-7]+)$/.exec(written)?.[1] ??
    /^[1-7][0-7]{3}$/.exec(written)?.[0] ??
    (written === "0" ? "0" : null);
  if (octal !== null) {
    const mode = Number.parseInt(octal, 8);
    return mode <= 0o7777 ? { mode } : { mode: null, write: null };
  }
  return { mode: null, write: /^[0-7]{1,4}$/.test(written) ? `0${written}` : null };
}
