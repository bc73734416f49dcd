/** How wide a text is about to be: nobody knows the reader's fonts, so letters count by their kind, rather too much than too little. */

/** Of a font's size. */
const NARROW = 0.34;
const USUAL = 0.57;
const WIDE = 0.86;
const FULL = 1.05;

const SIZES = { title: 13.8, plain: 11.4 } as const;

export function widthOfText(text: string, as: keyof typeof SIZES): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width * SIZES[as];
}

function widthOfCharacter(character: string): number {
  if (/[ijlI.,:;'|!()[\]{} ft]/.test(character)) return NARROW;
  if (/[mwMW@%]/.test(character)) return WIDE;
  return character < "\u1100" ? USUAL : FULL;
}
