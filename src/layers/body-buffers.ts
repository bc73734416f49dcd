/** Memory for segments: a few large buffers that are used again, and a queue for who waits for one. */

/** Of nearly every segment. What is not written to costs no memory. Bytes. */
const USUAL = 24 * 2 ** 20;

export class BodyBuffers {
  readonly #free: Uint8Array[] = [];
  readonly #waiting: (() => void)[] = [];
  #left: number;

  /** `most`: how many may be in use at a time. */
  constructor(most: number) {
    this.#left = most;
  }

  /** A buffer of at least so many bytes, of any content. */
  async take(size: number): Promise<Uint8Array> {
    while (this.#left === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#left -= 1;
    const free = this.#free.pop();
    return free !== undefined && free.length >= size ? free : Buffer.allocUnsafeSlow(Math.max(size, USUAL));
  }

  give(buffer: Uint8Array): void {
    // One that was made for a large segment does not stay.
    if (buffer.length === USUAL) this.#free.push(buffer);
    this.#left += 1;
    this.#waiting.shift()?.();
  }
}
