/**
 * Closure files: which store path refers to which, as Nix writes it down. Read are, told apart by their form:
 * - the text of `exportReferencesGraph` (path, deriver or an empty line, count, references);
 * - registrations: `nix-store --dump-db`, closureInfo's `registration` (path, NAR hash, NAR size, deriver,
 *   count, references);
 * - JSON: `.attrs.json` of a derivation with structured attributes, `nix path-info --json` in its three shapes
 *   (see nix-registration-json.ts).
 * Sources: Nix 2.26 src/libstore/store-api.cc (makeValidityRegistration), path-info.cc (decodeValidPathInfo).
 */
import type { ByteString } from "../core/path.ts";
import { FormatError } from "./format-error.ts";
import { parseNixSha256 } from "./nix-hash.ts";
import { parseRegistrationJson } from "./nix-registration-json.ts";
import {
  addRecord,
  isStorePath,
  type Registration,
  type StorePathRecord,
} from "./nix-registration-record.ts";

/** Reads a closure file of any form. Throws FormatError<RegistrationErrorCode>. */
export function parseRegistration(bytes: Uint8Array): Registration {
  const isJson = /^\s*[[{]/.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(64, bytes.length)).toString("latin1"),
  );
  return isJson ? parseRegistrationJson(bytes) : parseRegistrationText(bytes);
}

function parseRegistrationText(bytes: Uint8Array): Registration {
  const registration: Registration = new Map();
  const lines = new LineReader(bytes);
  while (!lines.isAtEnd()) {
    const start = lines.offset;
    const path = readPath(lines);
    addRecord(registration, path, readRecord(lines), start);
  }
  return registration;
}

function readRecord(lines: LineReader): StorePathRecord {
  // A deriver is empty or absolute, a hash is neither: that tells the two forms apart, record by record.
  const start = lines.offset;
  const second = lines.next();
  if (second === "" || second.startsWith("/")) {
    return { narHash: null, narSize: null, references: readReferences(lines) };
  }
  const narHash = parseNixSha256(second);
  if (narHash === null)
    throw new FormatError("bad-hash", start, "neither a deriver nor a SHA-256 stands here");
  const narSize = readNumber(lines, "bad-size");
  lines.next(); // the deriver
  return { narHash, narSize, references: readReferences(lines) };
}

function readReferences(lines: LineReader): ByteString[] {
  const start = lines.offset;
  const count = readNumber(lines, "bad-count");
  if (count > lines.bytesLeft)
    throw new FormatError("bad-count", start, `${count} references do not fit in here`);
  return Array.from({ length: count }, () => readPath(lines));
}

function readPath(lines: LineReader): ByteString {
  const start = lines.offset;
  const line = lines.next();
  if (!isStorePath(line)) throw new FormatError("bad-path", start, "no store path stands here");
  return line;
}

function readNumber(lines: LineReader, code: "bad-size" | "bad-count"): number {
  const start = lines.offset;
  const line = lines.next();
  const number = Number(line);
  if (!/^[0-9]{1,16}$/.test(line) || !Number.isSafeInteger(number)) {
    throw new FormatError(code, start, "no number stands here");
  }
  return number;
}

/** Lines that end in "\n"; one that does not was cut off. */
class LineReader {
  readonly #text: string;
  /** Where the next line begins. */
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  }

  get bytesLeft(): number {
    return this.#text.length - this.offset;
  }

  isAtEnd(): boolean {
    return this.bytesLeft === 0;
  }

  next(): string {
    const end = this.#text.indexOf("\n", this.offset);
    if (end === -1) throw new FormatError("truncated", this.#text.length, "the file ends within a record");
    const line = this.#text.slice(this.offset, end);
    this.offset = end + 1;
    return line;
  }
}
