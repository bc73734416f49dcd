/** Gathers bytes into pieces of one size, so that what follows sees one promise a piece, not one a file. */

const PIECE_SIZE = 1 << 20;

export class Pieces {
  #piece = new Uint8Array(PIECE_SIZE);
  #used = 0;

  /** Bytes to be filled; `take` says how many were. Never empty: a full piece is handed out first. */
  *room(): Generator<Uint8Array, Uint8Array> {
    if (this.#used === PIECE_SIZE) yield this.#handOut();
    return this.#piece.subarray(this.#used);
  }

  take(length: number): void {
    this.#used += length;
  }

  *put(bytes: Uint8Array): Generator<Uint8Array, void> {
    for (let done = 0; done < bytes.length; ) {
      const room = yield* this.room();
      const part = bytes.subarray(done, done + room.length);
      room.set(part);
      this.take(part.length);
      done += part.length;
    }
  }

  *rest(): Generator<Uint8Array, void> {
    if (this.#used > 0) yield this.#handOut();
  }

  /** A new buffer each time: whoever got the last one may still hold it. */
  #handOut(): Uint8Array {
    const full = this.#piece.subarray(0, this.#used);
    this.#piece = new Uint8Array(PIECE_SIZE);
    this.#used = 0;
    return full;
  }
}
