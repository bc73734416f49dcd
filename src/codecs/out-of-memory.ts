/** There is not enough memory to compress content that is within a codec's limit. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";

  constructor(size: number) {
    super(`there is not enough memory to compress ${size} bytes`);
  }
}
