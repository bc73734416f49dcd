/** The content of one compressed member: by the embedded codecs, or by the machine's programs. */
import { inflateMember } from "../codecs/gzip.ts";
import { decompressZstd } from "../codecs/zstd.ts";
import type { HostPath } from "../core/path.ts";
import type { Host } from "../core/ports.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { type CompressedKind, scanMember } from "../formats/member.ts";
import { scanZstdFrame } from "../formats/zstd-frame.ts";
import { openSource } from "../trees/open-source.ts";

/** What reading a compressed image needs of the machine: programs, and files for what they give. */
export interface InspectPorts {
  readonly host: Pick<Host, "tree" | "findProgram" | "runProgram">;
  readonly scratchFile: () => Promise<HostPath>;
}

/** The machine lacks the program for a kind. The caller, who knows the file, makes a problem of it. */
export class MissingDecompressor extends Error {
  override readonly name = "MissingDecompressor";
  readonly program: string;
  readonly kind: CompressedKind;
  constructor(program: string, kind: CompressedKind) {
    super(`${program} is needed for ${kind}`);
    this.program = program;
    this.kind = kind;
  }
}

const PROGRAMS: Readonly<Record<CompressedKind, readonly [program: string, ...args: string[]]>> = {
  gzip: ["gzip", "-dc"],
  bzip2: ["bzip2", "-dc"],
  lzma: ["xz", "--format=lzma", "-dc"],
  xz: ["xz", "--format=xz", "-dc"],
  lzop: ["lzop", "-dc"],
  lz4: ["lz4", "-dc"],
  zstd: ["zstd", "-dc", "--long=31"],
};

/** What the embedded zstd may unpack in memory; beyond it the program writes a file. Bytes. */
const IN_MEMORY = 2 ** 30;
const PIECE = 2 ** 20;

export interface UnpackedMember {
  readonly end: number;
  /** Whether the end is known, or the rest of the source was given to a program that decides by itself. */
  readonly isEndKnown: boolean;
  /** What a program said that gave its output all the same; empty: nothing. */
  readonly complaint: string;
}

/** Unpacks the member at `position` into `sink`. Throws FormatError for damage, and MissingDecompressor. */
export async function unpackMember(
  member: { readonly kind: CompressedKind; readonly source: ByteSource; readonly position: number },
  sink: (piece: Uint8Array) => void,
  ports: InspectPorts,
): Promise<UnpackedMember> {
  const { kind, source, position } = member;
  if (kind === "gzip") {
    return { end: await inflateMember(source, position, sink), isEndKnown: true, complaint: "" };
  }
  const { end } = scanMember(kind, source, position);
  if (kind === "zstd" && end !== null && scanZstdFrame(source, position).contentLimit <= IN_MEMORY) {
    sink(await decodeZstd(source, position, end));
    return { end, isEndKnown: true, complaint: "" };
  }
  const bytes = source.read(position, (end ?? source.size) - position);
  const complaint = await runDecompressor(kind, bytes, position, sink, ports);
  return { end: end ?? source.size, isEndKnown: end !== null, complaint };
}

async function decodeZstd(source: ByteSource, position: number, end: number): Promise<Uint8Array> {
  const frame = source.read(position, end - position);
  try {
    return await decompressZstd(frame);
  } catch (error) {
    // The package throws plain errors for damaged data and has no other reason to throw.
    const why = error instanceof Error ? error.message : String(error);
    throw new FormatError("bad-zstd", position, `damaged zstd data: ${why}`);
  }
}

async function runDecompressor(
  kind: CompressedKind,
  bytes: Uint8Array,
  position: number,
  sink: (piece: Uint8Array) => void,
  { host, scratchFile }: InspectPorts,
): Promise<string> {
  const [name, ...args] = PROGRAMS[kind];
  const program = host.findProgram(name);
  if (program === null) throw new MissingDecompressor(name, kind);
  const output = await scratchFile();
  const result = await host.runProgram({ program, args, input: { bytes }, output });
  const unpacked = openSource(output, host);
  if (unpacked === null || (unpacked.size === 0 && result.exitCode !== 0)) {
    throw new FormatError(`bad-${kind}`, position, `damaged ${kind} data: ${result.complaint.trim()}`);
  }
  try {
    for (let at = 0; at < unpacked.size; at += PIECE) sink(unpacked.read(at, PIECE));
  } finally {
    unpacked.close();
  }
  return result.exitCode === 0 ? "" : result.complaint.trim();
}
