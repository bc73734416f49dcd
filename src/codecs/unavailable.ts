/** A codec cannot do its work on this machine, and why: for people. */
export class CodecUnavailable extends Error {
  override readonly name = "CodecUnavailable";
}
