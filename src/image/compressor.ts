/** The compressor that a recipe asks for, found on this machine and named so that a key can tell it from others. */
import { CODECS, type CodecName } from "../codecs/index.ts";
import { CodecUnavailable } from "../codecs/unavailable.ts";
import type { HostPath } from "../core/path.ts";
import { DamagedContent, type Host, type Store, type StoredContent } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { Span } from "../core/span.ts";
import { type ByteSource, sourceOf } from "../formats/byte-source.ts";
import { type CompressedKind, memberKindOf } from "../formats/member.ts";
import type { CompressionFormat, CompressorSpec } from "../spec/compressors.ts";
import { digestOfSource, reopenSource, resolveFile } from "../trees/open-source.ts";

/** What compressing needs of the outside. */
export interface CompressionPorts {
  readonly host: Host;
  readonly store: Store;
}

/** Content of the store, or few bytes in memory. */
export type Uncompressed = { readonly content: StoredContent } | { readonly bytes: Uint8Array };

export interface Compressor {
  /** As the recipe calls it. */
  readonly name: string;
  readonly at: Span | null;
  /** What the recipe says its output is; "other": the bytes will tell. */
  readonly format: CompressionFormat;
  /** All that decides which bytes it gives for which content. */
  readonly identity: readonly string[];
  /** Whether its output was made by a program, and is to be looked at before it is believed. */
  readonly isProgram: boolean;
  /** Nothing of the output may be used after `close`. Throws BuildFailure. */
  run(input: Uncompressed): Promise<OpenOutput>;
}

export interface OpenOutput {
  readonly source: ByteSource;
  close(): void;
}

/** Up to here a program's output is collected in memory (the host's limit is 64 MiB). Bytes of input. */
const COLLECTED_INPUT = 48 * 2 ** 20;

/** Null: the recipe wants none. Throws BuildFailure: image/compressor-not-found. */
export async function findCompressor(
  spec: CompressorSpec,
  ports: CompressionPorts,
): Promise<Compressor | null> {
  switch (spec.engine.by) {
    case "nobody":
      return null;
    case "builtin":
      return builtinCompressor(spec, spec.engine, ports);
    case "program":
      return programCompressor(spec, spec.engine, ports);
  }
}

function builtinCompressor(
  spec: CompressorSpec,
  { codec, level }: { readonly codec: CodecName; readonly level: number },
  { store }: CompressionPorts,
): Compressor {
  const { compress, identity, limit } = CODECS[codec];
  return {
    name: spec.name,
    at: spec.at,
    format: codec,
    identity: ["builtin", identity, `level ${level}`],
    isProgram: false,
    run: async (input) => {
      const size = "bytes" in input ? input.bytes.length : input.content.size;
      if (size > limit) {
        throw new BuildFailure([{ code: "image/segment-too-large", at: spec.at, codec, size, limit }]);
      }
      const bytes = "bytes" in input ? input.bytes : await readAll(input.content, store);
      return openBytes(await loadedCodec(codec, () => compress(bytes, level)));
    },
  };
}

/** The native package exists for the common machines only; elsewhere loading it fails. Memory may be short anywhere. */
async function loadedCodec<T>(codec: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isMissing =
      error instanceof Error && /native binding|Cannot find (module|package)/.test(error.message);
    if (!isMissing && !(error instanceof CodecUnavailable)) throw error;
    throw new BuildFailure([
      { code: "image/codec-unavailable", codec, why: error.message.split("\n")[0] ?? "" },
    ]);
  }
}

async function programCompressor(
  spec: CompressorSpec,
  engine: { readonly program: string; readonly args: readonly string[] },
  { host, store }: CompressionPorts,
): Promise<Compressor> {
  const program = host.findProgram(engine.program);
  const file = program === null ? null : resolveFile(program, host);
  if (program === null || file === null) {
    throw new BuildFailure([{ code: "image/compressor-not-found", at: spec.at, program: engine.program }]);
  }
  const args = [...firstArgs(spec), ...engine.args];
  // A name may decide what a program does (lzma is xz), its content and version what bytes it makes; the
  // version line also tells of the library that does the work (xz, lzma).
  const identity = [
    "program",
    spec.name,
    digestOfSource(file, host).digest,
    await host.programVersion(program),
    ...args,
  ];
  return {
    name: spec.name,
    at: spec.at,
    format: spec.format,
    identity,
    isProgram: true,
    run: async (input) => {
      const size = "bytes" in input ? input.bytes.length : input.content.size;
      const output = size > COLLECTED_INPUT ? await store.scratchFile() : null;
      const from =
        "bytes" in input ? { bytes: input.bytes } : { file: await store.verifiedFile(input.content) };
      const result = await host.runProgram({
        program,
        args: [...args, ...sizeArgs(spec, size)],
        input: from,
        output,
      });
      if (result.exitCode !== 0) {
        const { exitCode, complaint } = result;
        throw new BuildFailure([
          { code: "image/compressor-failed", program: engine.program, exitCode, complaint },
        ]);
      }
      return output === null ? openBytes(result.bytes) : openScratch(output, host);
    },
  };
}

/** From 5.6 on xz takes as many threads as it finds memory for, and other bytes for one than for several. */
function firstArgs({ name, format }: CompressorSpec): string[] {
  return name === "xz" || (name === "lzma" && format === "lzma") ? ["--threads=1"] : [];
}

/** From a pipe zstd cannot know the size, and would declare a window of many MiB for the kernel to clear. */
function sizeArgs({ name }: CompressorSpec, size: number): string[] {
  return name === "zstd" ? [`--stream-size=${size}`] : [];
}

async function readAll(content: StoredContent, store: Store): Promise<Uint8Array> {
  const bytes = new Uint8Array(content.size);
  let at = 0;
  for await (const piece of store.read(content)) {
    if (at + piece.length > bytes.length) throw new DamagedContent(content);
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function openBytes(bytes: Uint8Array): OpenOutput {
  return { source: sourceOf(bytes), close: () => {} };
}

function openScratch(file: HostPath, host: Host): OpenOutput {
  const source = reopenSource(file, host);
  return { source, close: () => source.close() };
}

/** What the first bytes of an output say it is. */
export function kindOfOutput({ source }: OpenOutput): CompressedKind | null {
  return memberKindOf(source.read(0, 4));
}
