/** Hash parts of store paths in names and targets: the short texts of an image. */
import { type ByteString, toBytes } from "../core/path.ts";
import { type HashPlace, HashScanner } from "../formats/nix-hash-scan.ts";
import { HASH_LENGTH } from "../formats/nix-store-path.ts";

/** The places without those that lie over an earlier one. */
export function apart(places: readonly HashPlace[]): HashPlace[] {
  let free = 0;
  return places.filter(({ at }) => {
    if (at < free) return false;
    free = at + HASH_LENGTH;
    return true;
  });
}

export class HashTexts {
  readonly #scanner: HashScanner;

  constructor(hashes: Iterable<ByteString>) {
    this.#scanner = new HashScanner(hashes);
  }

  hashesIn(text: ByteString): ByteString[] {
    return this.#places(text).map(({ hash }) => hash);
  }

  /** The text with other hash parts in it; `nowOf` gives as many characters. */
  replace<Text extends ByteString>(text: Text, nowOf: (hash: ByteString) => string): Text {
    let now = "";
    let from = 0;
    for (const { at, hash } of this.#places(text)) {
      now += text.slice(from, at) + nowOf(hash);
      from = at + HASH_LENGTH;
    }
    return (from === 0 ? text : now + text.slice(from)) as Text;
  }

  #places(text: ByteString): HashPlace[] {
    return text.length < HASH_LENGTH ? [] : apart(this.#scanner.places(toBytes(text)));
  }
}
