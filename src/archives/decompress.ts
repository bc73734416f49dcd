/**
 * Compressed archives, decompressed once into the store and read there. gzip by Node's zlib; zstd, xz and bzip2 by
 * the machine's programs, whose output is the same everywhere; without a zstd program by the embedded codec.
 */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { decompressZstd } from "../codecs/zstd.ts";
import { type ActionKey, actionKey, type Digest } from "../core/digest.ts";
import type { HostPath } from "../core/path.ts";
import { DamagedContent, type StoredContent } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { FormatError } from "../formats/format-error.ts";
import { scanZstdFrame } from "../formats/zstd-frame.ts";
import { type ByteRange, beginningOf, openRange, piecesOf, sourceOfRange, wholeFile } from "./byte-range.ts";
import { type ArchivePorts, MEMORY } from "./ports.ts";

export type Compression = "gzip" | "zstd" | "xz" | "bzip2";

const MAGICS: readonly (readonly [kind: Compression, magic: readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["zstd", [0x50, 0x2a, 0x4d, 0x18]], // pzstd begins with a skippable frame
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["bzip2", [0x42, 0x5a, 0x68]],
];

const PROGRAMS: Readonly<Record<Exclude<Compression, "gzip">, readonly string[]>> = {
  zstd: ["zstd", "-dcq", "--long=31"],
  xz: ["xz", "-dcq"],
  bzip2: ["bzip2", "-dcq"],
};

/** What the embedded zstd may unpack in memory. Bytes. */
const IN_MEMORY = 2 ** 30;
const SKIPPABLE = 0x184d2a50;
const READ_PIECE = 256 * 1024;

/** What of an archive is read, and what it is called in a message. */
export interface Compressed {
  readonly range: ByteRange;
  readonly digest: Digest;
  /** The file that the user named. */
  readonly path: HostPath;
  /** The part of it: "layer sha256:…"; empty: the file itself. */
  readonly part: string;
}

/** All bytes of what was compressed, and their digest. */
export interface Decompressed {
  readonly range: ByteRange;
  readonly digest: Digest;
}

/** By its first bytes; null: not compressed in a way that is known here. */
export function compressionOf(range: ByteRange, host: ArchivePorts["host"]): Compression | null {
  const bytes = beginningOf(range, 8, host);
  return MAGICS.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte))?.[0] ?? null;
}

/** Throws BuildFailure: archives/program-not-found, archives/damaged, and what host and store throw. */
export async function decompressed(
  compressed: Compressed,
  kind: Compression,
  ports: ArchivePorts,
): Promise<Decompressed> {
  const { store } = ports;
  // The same bytes whoever decompresses them, so no program's name is in the key.
  const key = actionKey(["decompressed archive 1", compressed.digest]);
  const known = await store.find(key);
  if (known !== null) {
    try {
      return await stored(known, ports);
    } catch (error) {
      if (!(error instanceof DamagedContent)) throw error;
      await store.forget(key, known);
    }
  }
  return stored(await decompress(compressed, kind, key, ports), ports);
}

async function stored(content: StoredContent, { store, memory }: ArchivePorts): Promise<Decompressed> {
  const { digest, size } = content;
  const file = await store.verifiedFile(content, memory.of(MEMORY));
  return { range: { file, offset: 0, size }, digest };
}

async function decompress(
  compressed: Compressed,
  kind: Compression,
  key: ActionKey,
  ports: ArchivePorts,
): Promise<StoredContent> {
  const { host, store } = ports;
  const label = `archive ${compressed.digest.slice(0, 19)}, ${kind} decompressed`;
  if (kind === "gzip") return store.put(key, gunzipped(compressed, ports), label);
  const [name, ...args] = PROGRAMS[kind] as [string, ...string[]];
  const program = host.findProgram(name);
  if (program === null && kind === "zstd") return store.put(key, unzstd(compressed, name, ports), label);
  if (program === null) throw noProgram(compressed, name);
  const output = await store.scratchFile();
  const input = { file: await fileOf(compressed, ports) };
  const { exitCode, complaint } = await host.limit(() => host.runProgram({ program, args, input, output }));
  if (exitCode !== 0)
    throw damaged(compressed, 0, `${name} says: ${complaint.trim() || `exit code ${exitCode}`}`);
  return store.putFile(key, output, label);
}

async function* gunzipped(compressed: Compressed, { host }: ArchivePorts): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: READ_PIECE });
  const input = Readable.from(piecesOf(compressed.range, host));
  input.on("error", (error) => gunzip.destroy(error));
  input.pipe(gunzip);
  try {
    yield* gunzip;
  } catch (error) {
    const isDamage = error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
    if (!isDamage) throw error;
    throw damaged(compressed, gunzip.bytesWritten, `gzip: ${error.message}`);
  } finally {
    input.destroy();
  }
}

/** Frame by frame: the embedded codec knows frames alone. */
async function* unzstd(
  compressed: Compressed,
  program: string,
  { host }: ArchivePorts,
): AsyncGenerator<Uint8Array> {
  const open = openRange(compressed.range, host);
  const source = sourceOfRange(open);
  try {
    for (let at = 0; at < source.size; ) {
      const head = Buffer.from(source.read(at, 8));
      if (head.length === 8 && (head.readUInt32LE(0) & 0xfffffff0) >>> 0 === SKIPPABLE) {
        at += 8 + head.readUInt32LE(4);
        continue;
      }
      const { end, contentLimit } = scanZstdFrame(source, at);
      if (end - at > IN_MEMORY || contentLimit > IN_MEMORY) throw noProgram(compressed, program);
      yield await decodeFrame(compressed, Uint8Array.from(source.read(at, end - at)), at);
      at = end;
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw damaged(compressed, error.offset, error.message);
  } finally {
    open.close();
  }
}

async function decodeFrame(compressed: Compressed, frame: Uint8Array, at: number): Promise<Uint8Array> {
  try {
    return await decompressZstd(frame);
  } catch (error) {
    // The package throws plain errors for damaged data and has no other reason to throw.
    throw damaged(compressed, at, `zstd: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A file for a program's standard input: one that lies inside another is copied into the store. */
async function fileOf({ range, digest }: Compressed, { host, store }: ArchivePorts): Promise<HostPath> {
  const isWhole = range.offset === 0 && wholeFile(range.file, host).size === range.size;
  if (isWhole) return range.file;
  const key = actionKey(["part of an archive 1", digest]);
  return store.verifiedFile(await store.put(key, piecesOf(range, host), `archive ${digest.slice(0, 19)}`));
}

function damaged({ path, part }: Compressed, offset: number, why: string): BuildFailure {
  return new BuildFailure([{ code: "archives/damaged", path, part, offset, why }]);
}

function noProgram({ path, part }: Compressed, program: string): BuildFailure {
  return new BuildFailure([{ code: "archives/program-not-found", path, part, program }]);
}
