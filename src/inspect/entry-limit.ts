/** How many entries an image may have: a few megabytes can hold entries without end, and readers keep something of each. */
import { FormatError } from "../formats/format-error.ts";

/** An image of 200,000 files is a very large one. */
const MOST_ENTRIES = 2_000_000;
/** Bytes of names and of symlinks' targets. */
const MOST_TEXT = 256 * 2 ** 20;

export class EntryLimit {
  #entries = 0;
  #text = 0;

  /** Throws FormatError too-many-entries. */
  count(offset: number, text: number): void {
    this.#entries += 1;
    this.#text += text;
    if (this.#entries <= MOST_ENTRIES && this.#text <= MOST_TEXT) return;
    const what = `more than ${MOST_ENTRIES} entries, or ${MOST_TEXT} bytes of names`;
    throw new FormatError("too-many-entries", offset, `it has ${what}`);
  }
}
