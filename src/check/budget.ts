/** How much of an image is looked at: a few megabytes can hold bytes and entries without end. */

/** More than any kernel could unpack into a machine's memory and go on. Bytes. */
const MOST_BYTES = 2 ** 35;
/** Ten times what the largest images have; each is kept, so many in half a gigabyte. */
const MOST_ENTRIES = 1_000_000;
const MOST_NAME_BYTES = 2 ** 28;

/** There is more than is looked at. */
export class TooMuch extends Error {
  override readonly name = "TooMuch";
  readonly limit: "entries" | "bytes";
  constructor(limit: "entries" | "bytes") {
    super(`too many ${limit}`);
    this.limit = limit;
  }
}

export class Budget {
  #bytes = 0;
  #entries = 0;
  #nameBytes = 0;

  /** Throws TooMuch, as `countEntry` does. */
  countBytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > MOST_BYTES) throw new TooMuch("bytes");
  }

  countEntry(nameSize: number): void {
    this.#entries += 1;
    this.#nameBytes += nameSize;
    if (this.#entries > MOST_ENTRIES || this.#nameBytes > MOST_NAME_BYTES) throw new TooMuch("entries");
  }
}
