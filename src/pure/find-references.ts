/**
 * What the bytes of a file say of store paths: where their hash parts stand, and the digest of all else. It is what
 * the file would be wherever it was built. Also what forbids other bytes there, and hash parts that no rewriting reaches.
 */
import { unpackFile } from "../codecs/unpack-file.ts";
import { type Digest, startDigest } from "../core/digest.ts";
import type { ByteString, TargetPath } from "../core/path.ts";
import type { FileLook, OpenFile, TreeMemory } from "../core/ports.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { type HashPlace, HashScanner } from "../formats/nix-hash-scan.ts";
import { HASH_LENGTH } from "../formats/nix-store-path.ts";
import {
  isHidden,
  isReadable,
  MOST_MAGIC,
  type Packing,
  packingOf,
  type ReadablePacking,
} from "../formats/packings.ts";
import { type SignatureKind, signatureIn } from "../formats/signatures.ts";
import { sourceOfFile } from "../trees/open-source.ts";
import { apart } from "./texts.ts";

export interface FileReferences {
  /** Of the bytes with NULs in place of every hash part. */
  readonly blanked: Digest;
  /** In the order of their places, none over another. */
  readonly places: readonly HashPlace[];
  /** One that cannot be replaced, and why; null: none that is known. */
  readonly fixed: FixedReference | null;
  /** A packing that could not be looked into; null: there is none. */
  readonly unread: Packing | null;
}

export interface FixedReference {
  readonly hash: ByteString;
  readonly why: "signed" | "summed" | "packed";
  readonly what: Packing | SignatureKind;
}

/** Raise it when the same file gives other references. */
const VERSION = 1;
const CHUNK_SIZE = 1 << 20;
const OVERLAP = HASH_LENGTH - 1;

/** One for all files: it reuses one buffer. */
export class ReferenceFinder {
  readonly #scanner: HashScanner;
  readonly #buffer = new Uint8Array(CHUNK_SIZE);

  constructor(hashes: Iterable<ByteString>) {
    this.#scanner = new HashScanner(hashes);
  }

  /** Reads the file once, and once more what it packs, where `looksInside`. */
  async find(file: OpenFile, looksInside: boolean): Promise<FileReferences> {
    const { size } = file;
    const packing = packingOf(readAt(file, 0, Math.min(size, MOST_MAGIC)));
    const { blanked, places } = this.#scan(file, size);
    const source = sourceOfFile(file);
    const [first] = places;
    const fixed = first === undefined ? null : fixedIn(first.hash, packing, source);
    const found: FileReferences = { blanked, places, fixed, unread: null };
    if (!looksInside || packing === null || fixed !== null || !isHidden(packing)) return found;
    if (!isReadable(packing)) return { ...found, unread: packing };
    try {
      const hash = await this.#lookInside(packing, source);
      return hash === null ? found : { ...found, fixed: { hash, why: "packed", what: packing } };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { ...found, unread: packing };
    }
  }

  async #lookInside(packing: ReadablePacking, source: ByteSource): Promise<ByteString | null> {
    this.#scanner.startOver();
    await unpackFile(packing, source, (piece) => this.#scanner.feed(piece));
    this.#scanner.endOfString();
    const [hash = null] = this.#scanner.found();
    return hash;
  }

  /** Pieces overlap by what a hash part may stand over a border. */
  #scan(file: OpenFile, size: number): Pick<FileReferences, "blanked" | "places"> {
    const digest = startDigest();
    const places: HashPlace[] = [];
    for (let position = 0; position < size; ) {
      const chunk = this.#buffer.subarray(0, Math.min(CHUNK_SIZE, size - position));
      const length = file.read(chunk, position);
      if (length === 0) break; // it shrank: the layer's writer will notice and say so
      const bytes = chunk.subarray(0, length);
      let end = position + length < size && length > OVERLAP ? length - OVERLAP : length;
      for (const { at, hash } of apart(this.#scanner.places(bytes))) {
        places.push({ at: position + at, hash });
        bytes.fill(0, at, at + HASH_LENGTH);
        end = Math.max(end, at + HASH_LENGTH);
      }
      digest.update(bytes.subarray(0, end));
      position += end;
    }
    return { blanked: digest.finish(), places };
  }
}

function fixedIn(hash: ByteString, packing: Packing | null, source: ByteSource): FixedReference | null {
  if (packing !== null) return { hash, why: "summed", what: packing };
  const what = signatureIn(source);
  return what === null ? null : { hash, why: "signed", what };
}

/** Null: nothing is known of a file that looks so. */
export function recallReferences(
  memory: TreeMemory,
  path: TargetPath,
  look: FileLook,
): FileReferences | null {
  const known = memory.recall(path, look);
  const [version, rest] = (known?.scan ?? []) as [number?, Omit<FileReferences, "blanked">?];
  if (version !== VERSION || rest === undefined || known?.digest == null) return null;
  return { ...rest, blanked: known.digest };
}

export function rememberReferences(
  memory: TreeMemory,
  path: TargetPath,
  look: FileLook,
  { blanked, ...rest }: FileReferences,
): void {
  memory.remember(path, look, { digest: blanked, scan: [VERSION, rest] });
}

function readAt(file: OpenFile, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, file.read(bytes, position));
}
