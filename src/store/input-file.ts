/**
 * The file in which the memory of a tree is kept. All numbers are of this machine's byte order; a file that was
 * not written whole, or by another version, is not believed.
 *
 *     "initgraph inputs 2\n"     what it is
 *     one line of JSON           how many files, how many bytes of paths, the tree's identity
 *     paths                      one character a byte, a NUL between two
 *     numbers                    padded to 8; size, mtime, ctime, inode and device of all files, float64 each; no inode: no version
 *     digests                    32 bytes a file; zeros: not known
 *     scans                      uint32 a file: 0: none, else a place in the list that follows, counted from 1
 *     list of scans              JSON, one a line; files with equal scans share one
 *     32 bytes                   SHA-256 of all before
 */
import type { FileVersion } from "../core/ports.ts";
import { encodePaths } from "./path-list.ts";
import { SUM_BYTES, sumOf } from "./sum.ts";

const MAGIC = "initgraph inputs 2\n";
const DIGEST_BYTES = 32;
/** Size, mtime, ctime, inode, device. */
const COLUMNS = 5;
const NO_VERSION: FileVersion = { mtimeMs: 0, ctimeMs: 0, inode: 0, device: 0 };

export interface InputRecord {
  readonly path: string;
  readonly size: number;
  /** Null: of a tree that never changes. */
  readonly version: FileVersion | null;
  /** Hexadecimal; null: not known. */
  readonly digest: string | null;
  /** JSON on one line; null: none. */
  readonly scan: string | null;
}

/** The file in pieces. */
export function encodeInputs(identity: string, records: readonly InputRecord[]): Uint8Array[] {
  const count = records.length;
  const paths = encodePaths(records.map(({ path }) => path)).subarray(0, -1);
  const looks = new Float64Array(count * COLUMNS);
  const digests = Buffer.alloc(count * DIGEST_BYTES);
  const scanNumbers = new Uint32Array(count);
  const scans = new Map<string, number>();
  for (const [at, { size, version, digest, scan }] of records.entries()) {
    const { mtimeMs, ctimeMs, inode, device } = version ?? NO_VERSION;
    looks.set([size, mtimeMs, ctimeMs, inode, device], at * COLUMNS);
    if (digest !== null) digests.write(digest, at * DIGEST_BYTES, "hex");
    if (scan === null) continue;
    const number = scans.get(scan) ?? scans.size + 1;
    scans.set(scan, number);
    scanNumbers[at] = number;
  }
  const head = Buffer.from(`${MAGIC}${JSON.stringify({ count, pathBytes: paths.length, identity })}\n`);
  const padding = Buffer.alloc((8 - ((head.length + paths.length) % 8)) % 8);
  const list = Buffer.from([...scans.keys()].join("\n"));
  const body = [head, paths, padding, bytesOf(looks), digests, bytesOf(scanNumbers), list];
  return [...body, sumOf(...body)];
}

/** Null for what is no such file of this tree. */
export function decodeInputs(file: Buffer, identity: string): InputRecord[] | null {
  const body = file.subarray(0, Math.max(0, file.length - SUM_BYTES));
  if (file.toString("latin1", 0, MAGIC.length) !== MAGIC) return null;
  if (!sumOf(body).equals(file.subarray(body.length))) return null;
  const headEnd = file.indexOf("\n", MAGIC.length) + 1;
  const head = JSON.parse(file.toString("utf8", MAGIC.length, headEnd)) as {
    readonly count: number;
    readonly pathBytes: number;
    readonly identity: string;
  };
  if (head.identity !== identity) return null;
  const { count } = head;
  const pathsEnd = headEnd + head.pathBytes;
  const paths = count === 0 ? [] : file.toString("latin1", headEnd, pathsEnd).split("\0");
  const looksAt = Math.ceil(pathsEnd / 8) * 8;
  const digestsAt = looksAt + count * COLUMNS * 8;
  const numbersAt = digestsAt + count * DIGEST_BYTES;
  const listAt = numbersAt + count * 4;
  const looks = new Float64Array(copyOf(file, looksAt, digestsAt));
  const numbers = new Uint32Array(copyOf(file, numbersAt, listAt));
  const scans = body.toString("utf8", listAt).split("\n"); // parsed one by one, when they are asked for
  return paths.map((path, at) => {
    const hex = file.toString("hex", digestsAt + at * DIGEST_BYTES, digestsAt + (at + 1) * DIGEST_BYTES);
    const [size = 0, mtimeMs = 0, ctimeMs = 0, inode = 0, device = 0] = looks.subarray(at * COLUMNS);
    return {
      path,
      size,
      version: inode === 0 ? null : { mtimeMs, ctimeMs, inode, device },
      digest: /[^0]/.test(hex) ? hex : null,
      scan: numbers[at] === 0 ? null : (scans[numbers[at]! - 1] ?? null),
    };
  });
}

function bytesOf(numbers: Float64Array | Uint32Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** Where typed arrays can begin. */
function copyOf(file: Buffer, from: number, to: number): ArrayBuffer {
  return file.buffer.slice(file.byteOffset + from, file.byteOffset + to) as ArrayBuffer;
}
